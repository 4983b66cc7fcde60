package dev.linnet.routing.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Networks of IPv4 and IPv6, to be asked without making objects. A range of one family says nothing about the other. */
public record AddressRanges(List<Range> ranges) {
    public static final AddressRanges NONE = new AddressRanges(List.of());

    /** What people write who expect this; for messages. */
    public static final String EXPECTED = "addresses or networks like 10.0.0.0/8 or 2001:db8::/32, separated by commas";

    public AddressRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * One network.
     *
     * @param high   the first 64 bits of the address; 0 if it is IPv4
     * @param low    the others; of IPv4 the 32 bits
     * @param prefix how many bits count, of 32 or 128
     */
    public record Range(boolean four, long high, long low, int prefix) {
        static Optional<Range> parse(String text) {
            int slash = text.indexOf('/');
            Optional<byte[]> address = Addresses.parse(slash < 0 ? text : text.substring(0, slash));
            if (address.isEmpty()) {
                return Optional.empty();
            }
            byte[] bytes = address.get();
            boolean four = bytes.length == 4;
            int bits = bytes.length * Byte.SIZE;
            int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                return Optional.empty();
            }
            long high = four ? 0 : number(bytes, 0, 8);
            long low = four ? number(bytes, 0, 4) : number(bytes, 8, 16);
            return Optional.of(new Range(four, high & maskHigh(four, prefix), low & maskLow(four, prefix), prefix));
        }

        private static int prefix(String text) {
            boolean digits =
                    !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            return digits ? Integer.parseInt(text) : -1;
        }

        boolean contains(long otherHigh, long otherLow) {
            return ((high ^ otherHigh) & maskHigh(four, prefix)) == 0
                    && ((low ^ otherLow) & maskLow(four, prefix)) == 0;
        }

        private static long maskHigh(boolean four, int prefix) {
            return four ? 0 : mask(Math.min(prefix, Long.SIZE), Long.SIZE);
        }

        private static long maskLow(boolean four, int prefix) {
            return four ? mask(prefix, Integer.SIZE) : mask(Math.max(prefix - Long.SIZE, 0), Long.SIZE);
        }

        private static long mask(int ones, int of) {
            if (ones == 0) {
                return 0;
            }
            long all = of == Long.SIZE ? -1L : (1L << of) - 1;
            return all & (all << (of - ones));
        }

        @Override
        public String toString() {
            byte[] bytes = new byte[four ? 4 : 16];
            for (int i = 0; i < bytes.length; i++) {
                long from = four || i >= 8 ? low : high;
                int last = four ? 3 : i >= 8 ? 15 : 7;
                bytes[i] = (byte) (from >>> (Byte.SIZE * (last - i)));
            }
            return Addresses.text(bytes) + "/" + prefix;
        }
    }

    /** A list separated by commas; empty if anything in it is no address and no network. */
    public static Optional<AddressRanges> parse(String list) {
        List<Range> ranges = new ArrayList<>();
        for (String element : list.split(",", -1)) {
            Optional<Range> range = Range.parse(element.strip());
            if (range.isEmpty()) {
                return Optional.empty();
            }
            ranges.add(range.get());
        }
        return Optional.of(new AddressRanges(ranges));
    }

    /**
     * Whether an address is in one of them.
     *
     * @param address 4 or 16 bytes; anything else is in none
     */
    public boolean contains(byte[] address) {
        boolean four = address.length == 4;
        if (!four && address.length != 16) {
            return false;
        }
        long high = four ? 0 : number(address, 0, 8);
        long low = four ? number(address, 0, 4) : number(address, 8, 16);
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (range.four == four && range.contains(high, low)) {
                return true;
            }
        }
        return false;
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = (number << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return number;
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
    }
}
