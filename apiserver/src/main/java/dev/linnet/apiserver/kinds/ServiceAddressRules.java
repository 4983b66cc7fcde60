package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a Service may ask for as its addresses, and what of them stays. */
final class ServiceAddressRules {
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");
    private static final List<String> FAMILY_POLICIES = List.of("PreferDualStack", "RequireDualStack", "SingleStack");
    private static final String NONE = "None";
    private static final String STAYS = "may not change once set";

    private ServiceAddressRules() {}

    /** Its addresses: whoever gives one only need not give the list, too. */
    static List<String> ips(Field spec) {
        if (spec.at("clusterIPs").isSet()) {
            return Json.texts(spec.at("clusterIPs").value());
        }
        return spec.at("clusterIP").isZero()
                ? List.of()
                : List.of(spec.at("clusterIP").text());
    }

    static boolean isHeadless(Field spec) {
        return ips(spec).equals(List.of(NONE));
    }

    /** The first address, where messages place it. */
    static Field first(Field spec) {
        Field listed = spec.at("clusterIPs").items().isEmpty()
                ? spec.at("clusterIP")
                : spec.at("clusterIPs").items().getFirst();
        return new Field(listed.value(), spec.path() + ".clusterIPs[0]");
    }

    static void check(Field spec, Violations violations) {
        if (spec.at("type").text().equals("ExternalName")) {
            return;
        }
        checkBothFields(spec, violations);
        Set<Object> seen = new HashSet<>();
        for (Field family : spec.at("ipFamilies").items()) {
            violations.oneOf(family, FAMILIES);
            violations.unique(family, family.text(), seen);
        }
        violations.noneOrOneOf(spec.at("ipFamilyPolicy"), FAMILY_POLICIES);
        if (checkEach(spec, violations)) {
            checkFamilies(spec, violations);
        }
    }

    private static void checkBothFields(Field spec, Violations violations) {
        List<String> ips = ips(spec);
        String ip = spec.at("clusterIP").text();
        if (!ip.isEmpty() && !ips.getFirst().equals(ip)) {
            violations.invalid(spec.at("clusterIPs"), "first value must match `clusterIP`");
        } else if (ip.isEmpty() && !ips.isEmpty()) {
            violations.invalid(spec.at("clusterIPs"), "must be empty when `clusterIP` is not specified");
        }
    }

    private static boolean checkEach(Field spec, Violations violations) {
        List<String> ips = ips(spec);
        int before = violations.count();
        for (int i = 0; i < ips.size(); i++) {
            boolean none = i == 0 && ips.get(i).equals(NONE);
            if (none && ips.size() > 1) {
                violations.invalid(spec.at("clusterIPs"), "'None' must be the first and only value");
            } else if (!none) {
                Field place = new Field(first(spec).value(), spec.path() + ".clusterIPs[" + i + "]");
                violations.invalid(place, ips.get(i), Names.ip(ips.get(i)));
            }
        }
        boolean valid = violations.count() == before;
        if (ips.size() > 2) {
            violations.invalid(spec.at("clusterIPs"), "may only hold up to 2 values");
        }
        return valid;
    }

    private static void checkFamilies(Field spec, Violations violations) {
        List<String> ips = ips(spec);
        if (ips.size() > 1 && ips.stream().filter(IpAddresses::isV4).count() != 1) {
            violations.invalid(spec.at("clusterIPs"), "may specify no more than one IP for each IP family");
        }
        List<String> families = Json.texts(spec.at("ipFamilies").value());
        for (int i = 0; i < Math.min(ips.size(), families.size()) && !isHeadless(spec); i++) {
            boolean fits = families.get(i).equals("IPv4") == IpAddresses.isV4(ips.get(i));
            if (FAMILIES.contains(families.get(i)) && !fits) {
                Field place = new Field(first(spec).value(), spec.path() + ".clusterIPs[" + i + "]");
                violations.invalid(
                        place,
                        ips.get(i),
                        List.of("expected an " + families.get(i) + " value as indicated by `ipFamilies[" + i + "]`"));
            }
        }
    }

    static void checkUpdate(Field before, Field after, Violations violations) {
        boolean mayChange = before.at("type").text().equals("ExternalName")
                || after.at("type").text().equals("ExternalName");
        if (mayChange || (isHeadless(before) && isHeadless(after))) {
            return;
        }
        List<String> were = ips(before);
        List<String> are = ips(after);
        Object shown = are.isEmpty() ? NullNode.getInstance() : Json.arrayOf(are);
        if (!were.isEmpty() && are.isEmpty()) {
            violations.invalid(first(after), shown, "primary clusterIP can not be unset");
        } else if (!were.isEmpty() && !were.getFirst().equals(are.getFirst())) {
            violations.invalid(first(after), shown, STAYS);
        }
        Field families = after.at("ipFamilies");
        boolean sameFamilies = Json.same(before.at("ipFamilies").value(), families.value());
        if (isHeadless(before) == isHeadless(after)
                && before.at("ipFamilies").size() == families.size()
                && !sameFamilies) {
            violations.invalid(new Field(families.value(), families.path() + "[0]"), STAYS);
        }
    }
}
