package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads bodies of type {@code application/vnd.kubernetes.protobuf}, which {@code kubectl create} sends: four magic bytes and a
 * {@code runtime.Unknown} around the object's own message.
 */
public final class ProtobufBody {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProtobufBody() {}

    /** The tables are immutable, and read when the first such body comes. */
    private static final class Tables {
        static final ProtobufTable TABLE = ProtobufTable.read();
    }

    /** What stands in the envelope. */
    private static final class Envelope {
        String apiVersion = "";
        String kind = "";
        String contentType = "";
        byte[] raw = {};
    }

    /**
     * The object as the same client would have sent it in JSON.
     *
     * @throws ApiFailure 400 if the bytes are not what they claim to be, 415 if the kind is not known in protobuf
     */
    public static ObjectNode decode(byte[] body) {
        try {
            return object(envelope(body));
        } catch (ProtobufReader.Malformed e) {
            throw ApiFailure.badRequest("the protobuf body could not be decoded: " + e.getMessage());
        }
    }

    private static ObjectNode object(Envelope envelope) {
        if (envelope.contentType.contains("json")) {
            return json(envelope.raw);
        }
        ProtobufTable.Message message = Tables.TABLE
                .ofKind(envelope.apiVersion, envelope.kind)
                .orElseThrow(() -> ApiFailure.unsupportedMediaType("no protobuf encoding of " + envelope.kind
                        + " in version \"" + envelope.apiVersion + "\" is known: send application/json"));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", envelope.apiVersion).put("kind", envelope.kind);
        ProtobufReader reader = new ProtobufReader(envelope.raw, 0, envelope.raw.length);
        new ProtobufDecoder(Tables.TABLE).into(object, message, reader);
        return object;
    }

    private static Envelope envelope(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new ProtobufReader.Malformed("it does not begin with the bytes \"k8s\\0\"");
        }
        Envelope envelope = new Envelope();
        ProtobufReader reader = new ProtobufReader(body, MAGIC.length, body.length);
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag >>> 3) {
                case 1 -> readType(reader.message(), envelope);
                case 2 -> envelope.raw = reader.bytes();
                case 4 -> envelope.contentType = reader.text();
                default -> reader.skip(tag & 7);
            }
        }
        return envelope;
    }

    private static void readType(ProtobufReader reader, Envelope envelope) {
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag >>> 3) {
                case 1 -> envelope.apiVersion = reader.text();
                case 2 -> envelope.kind = reader.text();
                default -> reader.skip(tag & 7);
            }
        }
    }

    private static ObjectNode json(byte[] raw) {
        try {
            JsonNode value = JSON.readTree(raw);
            if (value instanceof ObjectNode object) {
                return object;
            }
            throw new ProtobufReader.Malformed("the JSON in it is no object");
        } catch (IOException e) {
            throw new ProtobufReader.Malformed("the JSON in it is not well-formed: " + e.getMessage());
        }
    }
}
