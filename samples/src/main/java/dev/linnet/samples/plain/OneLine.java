package dev.linnet.samples.plain;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Call;
import dev.linnet.samples.serving.Output;
import dev.linnet.samples.serving.Reply;
import dev.linnet.samples.serving.Served;
import dev.linnet.samples.serving.SharedServer;
import java.io.IOException;

/** Serves one answer at {@code /} and 404 elsewhere. */
final class OneLine {
    private static final Reply NOT_FOUND = Reply.of(404, "text/plain; charset=utf-8", "not found\n");
    private static final Reply NOT_ALLOWED =
            Reply.of(405, "text/plain; charset=utf-8", "method not allowed\n").with("Allow", "GET, HEAD");

    private OneLine() {}

    static Sample.Running start(SharedServer server, Sample.Setting setting, int port, Reply reply) throws Exception {
        Output log = new Output(setting.log());
        Served served = server.join(setting, log);
        try {
            served.listen(setting.realPort().applyAsInt(port), call -> answer(call, reply));
        } catch (IOException e) {
            served.die(1);
            throw e;
        }
        log.line("listening on port " + port);
        return served.announcing(_ -> log.line("stopping"));
    }

    private static Reply answer(Call call, Reply reply) {
        if (!call.path().equals("/")) {
            return NOT_FOUND;
        }
        return call.method().equals("GET") || call.method().equals("HEAD") ? reply : NOT_ALLOWED;
    }
}
