package dev.linnet.gateway.balance;

import java.nio.charset.StandardCharsets;

/** 64-bit hashes that are the same on every gateway. */
final class Hash {
    private Hash() {}

    /** FNV-1a, mixed. */
    static long of(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64: every bit of the input counts in every bit of the output. */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
