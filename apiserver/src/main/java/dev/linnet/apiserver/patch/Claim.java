package dev.linnet.apiserver.patch;

/**
 * What one owner owns.
 *
 * @param apiVersion the version whose field names {@code fields} uses
 * @param time       RFC 3339, of the last write that changed something; empty if unknown
 */
record Claim(String apiVersion, String time, FieldSet fields) {
    Claim with(FieldSet newFields) {
        return new Claim(apiVersion, time, newFields);
    }
}
