package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.http.Accept;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Finds the view that a client asked for. */
final class Views {
    private final InstantSource clock;

    Views(InstantSource clock) {
        this.clock = clock;
    }

    View of(Call call, ServedResource resource) {
        Accept accept = Accept.forResources(call.accept());
        return switch (accept.form()) {
            case JSON, YAML, AGGREGATED_DISCOVERY -> new WholeView(resource);
            case METADATA -> new MetadataView(accept.version());
            case TABLE ->
                new TableView(
                        resource,
                        accept.version(),
                        TableView.Included.of(call.query().text("includeObject")),
                        clock);
        };
    }

    /** One object as the answer. */
    Reply single(int code, Call call, ServedResource resource, ObjectNode stored) {
        ObjectNode shown = of(call, resource).single(stored);
        if (Accept.forResources(call.accept()).form() == Accept.Form.YAML) {
            return new Reply(code, "application/yaml", new Reply.Whole(yaml(shown)));
        }
        return Reply.json(code, shown);
    }

    private static byte[] yaml(ObjectNode object) {
        try {
            return new YAMLMapper().writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
