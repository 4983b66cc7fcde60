package dev.linnet.samples.openresty;

import dev.linnet.samples.serving.Call;
import dev.linnet.samples.serving.Reply;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a location answers. */
record Answer(int status, Map<String, Text> headers, Text body) {

    /** The same answer with further headers, which do not replace its own. */
    Answer with(Map<String, Text> more) {
        Map<String, Text> all = new LinkedHashMap<>(more);
        all.putAll(headers);
        return new Answer(status, all, body);
    }

    Reply to(Call call) {
        Reply reply = Reply.of(status, "text/plain", body.of(call));
        for (Map.Entry<String, Text> header : headers.entrySet()) {
            reply = reply.with(header.getKey(), header.getValue().of(call));
        }
        return reply;
    }
}
