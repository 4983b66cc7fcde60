package dev.linnet.manifests;

/**
 * Why a document of a manifest file cannot be used.
 *
 * @param file     as the user named it
 * @param document the first is 1; 0 if the file as a whole is meant
 * @param line     the first is 1; 0 if unknown
 * @param message  what is wrong and what would be right
 */
public record Mistake(String file, int document, int line, String message) {
    @Override
    public String toString() {
        String where = file + (document > 0 ? ", document " + document : "") + (line > 0 ? ", line " + line : "");
        return where + ": " + message;
    }
}
