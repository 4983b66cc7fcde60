package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Writes {@code kubernetes-schemas/} into the module's classes: a file of definitions per OpenAPI package, the protobuf tables
 * and an index. Run by the build with the folder of hand-written tables and the folder of classes.
 */
public final class GenerateSchemas {
    private static final String FOLDER = "kubernetes-schemas";

    private final Path tables;
    private final Path output;

    private GenerateSchemas(Path tables, Path output) {
        this.tables = tables;
        this.output = output;
    }

    public static void main(String[] args) throws Exception {
        Path tables = Path.of(args[0]);
        Path classes = Path.of(args[1]);
        Stamp stamp = Stamp.of(tables, classes, System.getProperty("java.class.path"));
        Path stampFile = classes.resolveSibling("kubernetes-schemas.stamp");
        Path folder = classes.resolve(FOLDER);
        if (Files.isDirectory(folder) && stamp.isIn(stampFile)) {
            return;
        }
        Files.createDirectories(folder);
        deleteFiles(folder);
        new GenerateSchemas(tables, folder).run();
        stamp.writeTo(stampFile);
    }

    /** What an earlier run wrote may have another name now. */
    private static void deleteFiles(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private void run() throws IOException, ReflectiveOperationException {
        ProtobufMessages messages = new ProtobufMessages();
        Map<String, ObjectNode> definitions = definitions(messages);
        definitions.putAll(LegacyDefinitions.read(tables, definitions));
        MissingDescriptions.fill(definitions);
        SharingRules.read(tables.resolve("sharing.txt")).applyTo(definitions);
        String protobuf = new ProtobufTables(definitions, tables.resolve("nullable.txt")).write(messages);
        write("protobuf.txt.gz", protobuf);
        writeDefinitions(definitions);
    }

    private static Map<String, ObjectNode> definitions(ProtobufMessages messages) throws ReflectiveOperationException {
        DefinitionNames names = new DefinitionNames(messages);
        Set<Class<?>> models = new LinkedHashSet<>();
        for (GroupVersion groupVersion : GroupVersion.ALL) {
            Set<Class<?>> reached = ModelClasses.reachableFrom(groupVersion.api());
            reached.forEach(model -> names.addUser(model, groupVersion));
            models.addAll(reached);
        }
        ModelDefinitions writer = new ModelDefinitions(names);
        Map<String, ObjectNode> definitions = new TreeMap<>();
        for (Class<?> model : models) {
            String name = names.of(model);
            ObjectNode definition = writer.definition(model);
            if (ModelDefinitions.hasKind(model)) {
                // A kind may be used by another group only, as policy's Eviction is by core's Pods.
                GroupVersion.owning(name).ifPresent(owner -> addKind(definition, owner, name));
            }
            definitions.put(name, definition);
        }
        definitions.putAll(WellKnownDefinitions.all());
        for (String kind : List.of(".Status", ".DeleteOptions")) {
            addKind(named(definitions, GroupVersion.META + kind), GroupVersion.CORE, kind);
        }
        return definitions;
    }

    static ObjectNode named(Map<String, ObjectNode> definitions, String name) {
        return Objects.requireNonNull(definitions.get(name), () -> "There is no definition " + name);
    }

    private static void addKind(ObjectNode definition, GroupVersion groupVersion, String name) {
        definition
                .putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", groupVersion.group())
                .put("kind", name.substring(name.lastIndexOf('.') + 1))
                .put("version", groupVersion.version());
    }

    private void writeDefinitions(Map<String, ObjectNode> definitions) throws IOException {
        Map<String, ObjectNode> files = new TreeMap<>();
        definitions.forEach((name, definition) -> files.computeIfAbsent(
                        name.substring(0, name.lastIndexOf('.')), _ -> JsonNodeFactory.instance.objectNode())
                .set(name, definition));
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode packages = index.putObject("packages");
        GroupVersion.ALL.forEach(version -> packages.put(version.name(), version.definitions()));
        new TreeMap<>(LegacyDefinitions.GROUP_VERSIONS).forEach(packages::put);
        MessageDigest digest = sha256();
        for (Map.Entry<String, ObjectNode> file : files.entrySet()) {
            String text = file.getValue().toString();
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            write(file.getKey() + ".json.gz", text);
        }
        index.put("digest", HexFormat.of().formatHex(digest.digest()));
        Files.writeString(output.resolve("index.json"), index.toString());
    }

    private void write(String name, String text) throws IOException {
        try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(output.resolve(name)))) {
            file.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform must have SHA-256", e);
        }
    }
}
