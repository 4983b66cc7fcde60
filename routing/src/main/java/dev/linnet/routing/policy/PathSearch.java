package dev.linnet.routing.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Searches decoded paths. The library takes an incomplete character for the end of the text, and would let anybody hide the end of a
 * path behind one: a path that is not UTF-8 is searched byte by byte instead. Either way positions are those of bytes.
 */
public final class PathSearch {
    private PathSearch() {}

    public static Matcher of(Pattern pattern, byte[] path) {
        return isUtf8(path) ? pattern.matcher(path) : pattern.matcher(new String(path, StandardCharsets.ISO_8859_1));
    }

    private static boolean isUtf8(byte[] path) {
        for (byte b : path) {
            if (b < 0) {
                return decodes(path);
            }
        }
        return true;
    }

    private static boolean decodes(byte[] path) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
