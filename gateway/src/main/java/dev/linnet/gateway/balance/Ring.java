package dev.linnet.gateway.balance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The consistent hash ring of ingress-nginx (§3.2): 160 points for each name, each the CRC32 of the name and of the point before. Computed
 * alike, so that keys meet the endpoints that they met there.
 */
final class Ring {
    private static final int POINTS = 160;

    /** Ascending as unsigned numbers, with the sign bit flipped so that they are as signed ones. */
    private final int[] points;

    private final int[] owners;

    Ring(List<String> names) {
        long[] sorted = new long[names.size() * POINTS];
        for (int owner = 0; owner < names.size(); owner++) {
            fill(sorted, owner, names.get(owner).getBytes(StandardCharsets.US_ASCII));
        }
        Arrays.sort(sorted);
        points = new int[sorted.length];
        owners = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            points[i] = (int) (sorted[i] >> 32);
            owners[i] = (int) sorted[i];
        }
    }

    private static void fill(long[] sorted, int owner, byte[] name) {
        CRC32 crc = new CRC32();
        byte[] before = new byte[4];
        for (int i = 0; i < POINTS; i++) {
            crc.reset();
            crc.update(name);
            crc.update(before);
            int point = (int) crc.getValue();
            sorted[owner * POINTS + i] = ((long) (point ^ Integer.MIN_VALUE) << 32) | owner;
            for (int b = 0; b < before.length; b++) {
                before[b] = (byte) (point >>> (b * Byte.SIZE));
            }
        }
    }

    /** Whose the first point is that is not below this CRC32; behind the last comes the first. */
    int owner(int hash) {
        int wanted = hash ^ Integer.MIN_VALUE;
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return owners[low == points.length ? 0 : low];
    }

    /** The n-th lowest point, for comparison with ingress-nginx's. */
    int point(int n) {
        return points[n] ^ Integer.MIN_VALUE;
    }

    int size() {
        return points.length;
    }
}
