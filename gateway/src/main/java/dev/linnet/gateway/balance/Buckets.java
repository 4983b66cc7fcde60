package dev.linnet.gateway.balance;

/** IPVS's table of {@code sh} and {@code dh} (Appendix A.2): 256 buckets, dealt out to the endpoints in turn. */
final class Buckets {
    private static final int BITS = 8;

    /** 2^32 divided by the golden ratio, as the kernel has it. */
    private static final int GOLDEN_RATIO = 0x61C88647;

    private final int[] owners = new int[1 << BITS];

    Buckets(int endpoints) {
        for (int i = 0; i < owners.length; i++) {
            owners[i] = endpoints == 0 ? 0 : i % endpoints;
        }
    }

    /**
     * Who has the bucket of this address.
     *
     * @param offset 0, then 1, 2... where that one is out: IPVS calls it fallback
     */
    int owner(int address, int offset) {
        return owners[(((address * GOLDEN_RATIO) >>> (Integer.SIZE - BITS)) + offset) & (owners.length - 1)];
    }

    int size() {
        return owners.length;
    }
}
