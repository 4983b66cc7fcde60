package dev.linnet.apiserver.cel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.primitives.UnsignedLong;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@code ==}, {@code !=} and {@code +} as Kubernetes has them: lists of type set and map are the same in any order, and are added
 * as such.
 */
final class Sameness {
    private Sameness() {}

    static List<CelFunctionBinding> bindings() {
        return ImmutableList.copyOf(Iterables.concat(
                CelFunctionBinding.fromOverloads(
                        "_==_", CelFunctionBinding.from("equals", Object.class, Object.class, Sameness::same)),
                CelFunctionBinding.fromOverloads(
                        "_!=_",
                        CelFunctionBinding.from(
                                "not_equals", Object.class, Object.class, (one, other) -> !same(one, other))),
                CelFunctionBinding.fromOverloads(
                        "_+_",
                        CelFunctionBinding.from("add_list", List.class, List.class, Sameness::plus),
                        // CEL adds ours to its own only if there are at least two.
                        CelFunctionBinding.from("add_set", SetList.class, List.class, Sameness::plus))));
    }

    static boolean same(Object one, Object other) {
        if (one instanceof Number number && other instanceof Number another) {
            return sameNumber(number, another);
        }
        if (one instanceof List<?> list && other instanceof List<?> another) {
            return sameList(list, another);
        }
        if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> another) {
            return map.size() == another.size()
                    && map.entrySet().stream()
                            .allMatch(entry -> another.containsKey(entry.getKey())
                                    && same(entry.getValue(), another.get(entry.getKey())));
        }
        return one.equals(other);
    }

    private static boolean sameNumber(Number one, Number other) {
        if (one instanceof Double || other instanceof Double) {
            return one.doubleValue() == other.doubleValue();
        }
        // A negative number is no unsigned one, whatever its bits.
        boolean sameSign = one.getClass().equals(other.getClass())
                || (one.longValue() >= 0 && other.longValue() >= 0)
                || (one instanceof UnsignedLong && other instanceof UnsignedLong);
        return sameSign && one.longValue() == other.longValue();
    }

    private static boolean sameList(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        if (one instanceof SetList || one instanceof KeyedList) {
            return sameInAnyOrder(one, other);
        }
        if (other instanceof SetList || other instanceof KeyedList) {
            return sameInAnyOrder(other, one);
        }
        return IntStream.range(0, one.size()).allMatch(i -> same(one.get(i), other.get(i)));
    }

    private static boolean sameInAnyOrder(List<?> one, List<?> other) {
        if (!(one instanceof KeyedList keyed)) {
            return one.equals(other);
        }
        Map<List<Object>, Object> own = keyed.byKey();
        return other.stream().allMatch(item -> {
            Object mine = own.get(keyed.key(item));
            return mine != null && same(mine, item);
        });
    }

    private static Object plus(List<?> one, List<?> other) {
        return switch (one) {
            case SetList set -> set.plus(other);
            case KeyedList keyed -> keyed.plus(other);
            default -> ImmutableList.builder().addAll(one).addAll(other).build();
        };
    }
}
