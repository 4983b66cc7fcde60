package dev.linnet.gateway.http;

/**
 * How large a head may be.
 *
 * @param bytes   the whole head
 * @param target  the request target
 * @param headers header lines
 */
public record HeadLimits(int bytes, int target, int headers) {
    public static final HeadLimits DEFAULT = new HeadLimits(32 * 1024, 8 * 1024, 128);

    private static final int PADDING = 64;

    public HeadLimits {
        if (bytes < 512 || target < 64 || target > bytes || headers < 8) {
            throw new IllegalArgumentException("head limits are " + bytes + " bytes, " + target + " of them target, "
                    + headers + " headers (expected: at least 512, 64, 8)");
        }
    }

    /** An array in which a head can be scanned: behind it is room for the normalised path. */
    public byte[] newArray() {
        return new byte[bytes + target + 2 * PADDING];
    }

    int pathRoom() {
        return bytes + PADDING;
    }
}
