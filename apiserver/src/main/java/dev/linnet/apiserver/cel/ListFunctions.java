package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.member;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.exceptions.CelOverloadNotFoundException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import java.time.Duration;
import java.util.List;

/** Kubernetes' list library: {@code isSorted sum min max indexOf lastIndexOf}. */
final class ListFunctions {
    private static final TypeParamType ITEM = TypeParamType.create("A");

    @SuppressWarnings("rawtypes") // There is no class of a list of something.
    private static final Kind<List> ITEMS = new Kind<>(ListType.create(ITEM), List.class);

    private static final Kind<Object> ANY = new Kind<>(ITEM, Object.class);

    private ListFunctions() {}

    static List<RuleFunction> all() {
        return List.of(
                RuleFunction.of(
                        "isSorted", member("list_a_is_sorted_bool", SimpleType.BOOL, ITEMS, ListFunctions::isSorted)),
                RuleFunction.of("sum", member("list_a_sum_a", ITEM, ITEMS, ListFunctions::sum)),
                RuleFunction.of("min", member("list_a_min_a", ITEM, ITEMS, items -> extreme(items, "min", -1))),
                RuleFunction.of("max", member("list_a_max_a", ITEM, ITEMS, items -> extreme(items, "max", 1))),
                RuleFunction.further(
                        "indexOf", member("list_a_index_of_int", SimpleType.INT, ITEMS, ANY, ListFunctions::indexOf)),
                RuleFunction.further(
                        "lastIndexOf",
                        member("list_a_last_index_of_int", SimpleType.INT, ITEMS, ANY, ListFunctions::lastIndexOf)));
    }

    private static Object isSorted(List<?> items) {
        for (int i = 1; i < items.size(); i++) {
            if (compare("isSorted", items.get(i - 1), items.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<?> items) {
        Object sum = 0L;
        for (Object item : items) {
            sum = switch (item) {
                case Long number -> Math.addExact((Long) sum, number);
                case Double number -> ((Number) sum).doubleValue() + number;
                case UnsignedLong number -> sum instanceof UnsignedLong before ? before.plus(number) : number;
                case Duration duration -> sum instanceof Duration before ? before.plus(duration) : duration;
                default -> throw new CelOverloadNotFoundException("sum");
            };
        }
        return sum;
    }

    /** @param sign 1 for the greatest, -1 for the least */
    private static Object extreme(List<?> items, String function, int sign) {
        if (items.isEmpty()) {
            throw new CelInvalidArgumentException(function + " called on empty list");
        }
        Object best = items.getFirst();
        for (Object item : items) {
            best = compare(function, item, best) * sign > 0 ? item : best;
        }
        return best;
    }

    @SuppressWarnings("unchecked") // Values of the same class are comparable with each other.
    private static int compare(String function, Object one, Object other) {
        if (one instanceof Comparable<?> comparable && one.getClass().equals(other.getClass())) {
            return ((Comparable<Object>) comparable).compareTo(other);
        }
        throw new CelOverloadNotFoundException(function);
    }

    private static Object indexOf(List<?> items, Object wanted) {
        for (int i = 0; i < items.size(); i++) {
            if (Sameness.same(items.get(i), wanted)) {
                return (long) i;
            }
        }
        return -1L;
    }

    private static Object lastIndexOf(List<?> items, Object wanted) {
        for (int i = items.size() - 1; i >= 0; i--) {
            if (Sameness.same(items.get(i), wanted)) {
                return (long) i;
            }
        }
        return -1L;
    }
}
