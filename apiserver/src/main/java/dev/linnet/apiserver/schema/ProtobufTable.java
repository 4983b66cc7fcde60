package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the field numbers of each message mean in JSON. The file's form is described where it is written, in the generator's
 * {@code ProtobufTables}.
 */
final class ProtobufTable {
    private static final String OPEN_API = "io.k8s.";
    private static final String PROTOBUF = "k8s.io.";

    private final Map<String, Message> messages;
    private final ObjectNode packages;

    /** A message's fields by number. */
    record Message(String name, Map<Integer, Field> fields) {

        /** A message that is a list and nothing else: the values of {@code userInfo.extra}. */
        boolean isOnlyAList() {
            return fields.size() == 1
                    && fields.values().iterator().next().inline()
                    && fields.values().iterator().next().shape() == Field.Shape.LIST;
        }
    }

    /**
     * @param name     JSON name; {@code *} where the value stands in the outer object
     * @param type     a scalar's name or a message's full name
     * @param keepZero whether a scalar's zero is a value and not the absence of one
     */
    record Field(String name, String type, Shape shape, boolean keepZero) {
        enum Shape {
            SINGLE,
            LIST,
            MAP
        }

        /** Messages are pointers, or as in Go's JSON never left out. */
        boolean keepsZero() {
            return keepZero || type.contains(".");
        }

        boolean inline() {
            return name.equals("*");
        }

        private static Field parse(String[] words) {
            List<String> attributes = List.of(words).subList(3, words.length);
            Shape shape = attributes.contains("map") ? Shape.MAP : Shape.SINGLE;
            return new Field(
                    words[1], words[2], attributes.contains("list") ? Shape.LIST : shape, attributes.contains("zero"));
        }
    }

    private ProtobufTable(Map<String, Message> messages, ObjectNode packages) {
        this.messages = messages;
        this.packages = packages;
    }

    static ProtobufTable read() {
        try (InputStream file = Definitions.open("protobuf.txt.gz").orElseThrow(Definitions::missing);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            ObjectNode packages = Definitions.index().withObject("packages");
            return new ProtobufTable(parse(lines), packages);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the protobuf tables", e);
        }
    }

    private static Map<String, Message> parse(BufferedReader lines) throws IOException {
        Map<String, Message> messages = new HashMap<>();
        Map<Integer, Field> fields = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("message")) {
                fields = new HashMap<>();
                messages.put(words[1], new Message(words[1], fields));
            } else {
                fields.put(Integer.valueOf(words[0]), Field.parse(words));
            }
        }
        return messages;
    }

    Optional<Message> message(String name) {
        return Optional.ofNullable(messages.get(name));
    }

    /** The message of a kind; options of a request ({@code DeleteOptions}) come under any group-version. */
    Optional<Message> ofKind(String apiVersion, String kind) {
        String definitions = packages.path(apiVersion).asText();
        String own =
                definitions.startsWith(OPEN_API) ? PROTOBUF + definitions.substring(OPEN_API.length()) : definitions;
        return message(own + "." + kind)
                .or(() -> message(PROTOBUF + Definitions.META.substring(OPEN_API.length()) + kind));
    }
}
