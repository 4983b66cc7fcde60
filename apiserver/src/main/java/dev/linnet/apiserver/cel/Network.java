package dev.linnet.apiserver.cel;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import java.util.regex.Pattern;

/** A network in a rule: {@code 10.0.0.0/8}. Host bits may be set. */
record Network(Address address, int bits) {
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

    /** @throws CelInvalidArgumentException for what is no network */
    static Network parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0
                || !LENGTH.matcher(text.substring(slash + 1)).matches()
                || !Address.isValid(text.substring(0, slash))) {
            throw invalid(text);
        }
        Address address = Address.parse(text.substring(0, slash));
        int bits = Integer.parseInt(text.substring(slash + 1));
        if (bits > address.size()) {
            throw invalid(text);
        }
        return new Network(address, bits);
    }

    private static CelInvalidArgumentException invalid(String text) {
        return new CelInvalidArgumentException(
                "network address parse error during conversion from string: network address parse error during conversion"
                        + " from string: netip.ParsePrefix(\"" + text + "\"): not a valid prefix");
    }

    static boolean isValid(String text) {
        try {
            parse(text);
            return true;
        } catch (CelInvalidArgumentException _) {
            return false;
        }
    }

    Network masked() {
        int host = address.size() - bits;
        return new Network(new Address(address.bits().shiftRight(host).shiftLeft(host), address.isV4()), bits);
    }

    boolean contains(Address other) {
        int host = address.size() - bits;
        return other.isV4() == address.isV4()
                && other.bits().shiftRight(host).equals(address.bits().shiftRight(host));
    }

    boolean contains(Network other) {
        return bits <= other.bits && contains(other.address);
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
