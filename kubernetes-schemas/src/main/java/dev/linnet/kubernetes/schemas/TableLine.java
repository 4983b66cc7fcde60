package dev.linnet.kubernetes.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of a hand-written table: {@code #} begins a comment, {@code [package]} says where the lines after it belong.
 *
 * @param section  OpenAPI package, {@code io.k8s.api.core.v1}
 * @param words    what stands on the line
 * @param location file name and line number, for messages
 */
record TableLine(String section, List<String> words, String location) {

    static List<TableLine> read(Path file) throws IOException {
        List<TableLine> table = new ArrayList<>();
        String section = "";
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String text = line.strip();
            if (text.startsWith("[") && text.endsWith("]")) {
                section = text.substring(1, text.length() - 1);
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                table.add(new TableLine(section, List.of(text.split("\\s+", -1)), file.getFileName() + ":" + number));
            }
        }
        return table;
    }

    IllegalStateException wrong(String problem) {
        return new IllegalStateException(location + ": " + problem);
    }
}
