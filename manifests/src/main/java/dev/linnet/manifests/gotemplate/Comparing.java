package dev.linnet.manifests.gotemplate;

import java.util.List;

/** {@code eq}, {@code ne}, {@code lt}, {@code le}, {@code gt}, {@code ge}: only values of the same type can be compared. */
final class Comparing {
    private final int line;

    Comparing(int line) {
        this.line = line;
    }

    Value compare(String name, List<Value> arguments) throws TemplateMistake {
        boolean takesMore = name.equals("eq");
        if (arguments.size() < 2 || (arguments.size() > 2 && !takesMore)) {
            throw new TemplateMistake(line, "wrong number of args for " + name + ": want 2 got " + arguments.size());
        }
        Value first = arguments.getFirst();
        if (takesMore) {
            return new Value.Truth(equalsAny(first, arguments.subList(1, arguments.size())));
        }
        Value second = arguments.get(1);
        return new Value.Truth(
                switch (name) {
                    case "ne" -> !isEqual(first, second);
                    case "lt" -> order(first, second) < 0;
                    case "le" -> order(first, second) <= 0;
                    case "gt" -> order(first, second) > 0;
                    default -> order(first, second) >= 0;
                });
    }

    private boolean equalsAny(Value first, List<Value> others) throws TemplateMistake {
        for (Value other : others) {
            if (isEqual(first, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean isEqual(Value first, Value second) throws TemplateMistake {
        if (first instanceof Value.Truth && second instanceof Value.Truth) {
            return first.equals(second);
        }
        if (first instanceof Value.Nothing || second instanceof Value.Nothing) {
            return first.equals(second);
        }
        return order(first, second) == 0;
    }

    private int order(Value first, Value second) throws TemplateMistake {
        if (first instanceof Value.Text(String one) && second instanceof Value.Text(String other)) {
            return one.compareTo(other);
        }
        if (first instanceof Value.Whole(long one) && second instanceof Value.Whole(long other)) {
            return Long.compare(one, other);
        }
        if (first instanceof Value.Decimal(double one) && second instanceof Value.Decimal(double other)) {
            return Double.compare(one, other);
        }
        throw new TemplateMistake(line, "incompatible types for comparison: " + first.type() + " and " + second.type());
    }
}
