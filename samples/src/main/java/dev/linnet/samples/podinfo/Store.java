package dev.linnet.samples.podinfo;

import dev.linnet.samples.serving.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Keeps what is posted under its SHA-1, in memory: the last few, as fifty instances share one heap. */
final class Store {
    private static final int MAX_ENTRIES = 16;
    private static final int MAX_BYTES = 64 * 1024;

    private final SequencedMap<String, byte[]> entries = new LinkedHashMap<>();

    synchronized Reply write(byte[] body) {
        if (body.length > MAX_BYTES) {
            return PodinfoSite.error(413, "body has " + body.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        String hash = HexFormat.of().formatHex(sha1(body));
        entries.putLast(hash, body);
        if (entries.size() > MAX_ENTRIES) {
            entries.pollFirstEntry();
        }
        return Json.reply(202, Map.of("hash", hash));
    }

    synchronized Reply read(String hash) {
        byte[] body = entries.get(hash);
        return body == null ? PodinfoSite.error(500, "reading file failed") : PodinfoSite.raw(202, body);
    }

    private static byte[] sha1(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
