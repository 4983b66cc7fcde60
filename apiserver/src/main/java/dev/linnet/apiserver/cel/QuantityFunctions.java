package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.global;
import static dev.linnet.apiserver.cel.RuleFunction.member;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.SimpleType;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import dev.linnet.apiserver.kinds.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** Kubernetes' quantities in rules: {@code quantity('1.5Gi').isLessThan(quantity('2G'))}. */
final class QuantityFunctions {
    /** Of equal amounts there is one value, however they were written. */
    private record Amount(BigDecimal value) {
        Amount {
            value = value.stripTrailingZeros();
        }
    }

    private static final Kind<Amount> QUANTITY = Kind.opaque("kubernetes.Quantity", Amount.class);

    private QuantityFunctions() {}

    static List<RuleFunction> all() {
        return List.of(
                RuleFunction.of(
                        "quantity", global("string_to_quantity", QUANTITY.type(), Kind.TEXT, QuantityFunctions::parse)),
                RuleFunction.of(
                        "isQuantity",
                        global(
                                "is_quantity_string",
                                SimpleType.BOOL,
                                Kind.TEXT,
                                text -> Quantity.parse(text).isPresent())),
                RuleFunction.of(
                        "sign", member("quantity_sign", SimpleType.INT, QUANTITY, self -> (long) self.value.signum())),
                RuleFunction.of(
                        "isInteger",
                        member("quantity_is_integer", SimpleType.BOOL, QUANTITY, QuantityFunctions::isInteger)),
                RuleFunction.of(
                        "asInteger",
                        member("quantity_get_int", SimpleType.INT, QUANTITY, QuantityFunctions::asInteger)),
                RuleFunction.of(
                        "asApproximateFloat",
                        member("quantity_get_float", SimpleType.DOUBLE, QUANTITY, self -> self.value.doubleValue())),
                RuleFunction.of(
                        "isGreaterThan",
                        member(
                                "quantity_is_greater_than",
                                SimpleType.BOOL,
                                QUANTITY,
                                QUANTITY,
                                (one, other) -> compare(one, other) > 0)),
                RuleFunction.of(
                        "isLessThan",
                        member(
                                "quantity_is_less_than",
                                SimpleType.BOOL,
                                QUANTITY,
                                QUANTITY,
                                (one, other) -> compare(one, other) < 0)),
                RuleFunction.of(
                        "compareTo", member("quantity_compare_to", SimpleType.INT, QUANTITY, QUANTITY, (one, other) ->
                                (long) compare(one, other))),
                arithmetic("add", 1),
                arithmetic("sub", -1));
    }

    private static RuleFunction arithmetic(String name, int sign) {
        BigDecimal factor = BigDecimal.valueOf(sign);
        return RuleFunction.of(
                name,
                member(
                        "quantity_" + name,
                        QUANTITY.type(),
                        QUANTITY,
                        QUANTITY,
                        (one, other) -> new Amount(one.value.add(other.value.multiply(factor)))),
                member(
                        "quantity_" + name + "_int",
                        QUANTITY.type(),
                        QUANTITY,
                        Kind.INTEGER,
                        (one, other) -> new Amount(
                                one.value.add(BigDecimal.valueOf(other).multiply(factor)))));
    }

    private static Amount parse(String text) {
        return Quantity.parse(text)
                .map(quantity -> new Amount(quantity.value()))
                .orElseThrow(() -> new CelInvalidArgumentException(
                        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
    }

    private static int compare(Amount one, Amount other) {
        return one.value.compareTo(other.value);
    }

    private static boolean isInteger(Amount amount) {
        return amount.value.scale() <= 0 && amount.value.toBigInteger().bitLength() < Long.SIZE;
    }

    private static long asInteger(Amount amount) {
        if (!isInteger(amount)) {
            throw new CelInvalidArgumentException("cannot convert value to integer");
        }
        return amount.value.longValueExact();
    }
}
