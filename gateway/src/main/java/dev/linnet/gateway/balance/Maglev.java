package dev.linnet.gateway.balance;

import java.util.Arrays;
import java.util.List;

/**
 * Maglev's table (Eisenbud et al., 2016, §3.4): each endpoint fills a table of prime size in an order of its own, all take turns. Shares
 * are almost equal, and when an endpoint goes almost only its own keys move.
 */
final class Maglev {
    /** IPVS's default. */
    static final int SIZE = 4093;

    private final int[] owners = new int[SIZE];

    Maglev(List<String> names) {
        int count = names.size();
        if (count == 0) {
            return;
        }
        int[] offsets = new int[count];
        int[] skips = new int[count];
        for (int i = 0; i < count; i++) {
            long hash = Hash.of(names.get(i));
            offsets[i] = (int) Long.remainderUnsigned(hash, SIZE);
            skips[i] = (int) Long.remainderUnsigned(Hash.mix(hash), SIZE - 1) + 1;
        }
        fill(offsets, skips);
    }

    private void fill(int[] offsets, int[] skips) {
        Arrays.fill(owners, -1);
        int filled = 0;
        for (int turn = 0; filled < SIZE; turn = (turn + 1) % offsets.length) {
            int slot = offsets[turn];
            while (owners[slot] >= 0) {
                slot = (slot + skips[turn]) % SIZE;
            }
            owners[slot] = turn;
            offsets[turn] = (slot + skips[turn]) % SIZE;
            filled++;
        }
    }

    /** @param offset 0, then 1, 2... where the owner of that slot is out */
    int owner(long hash, int offset) {
        return owners[(int) Long.remainderUnsigned(hash + offset, SIZE)];
    }
}
