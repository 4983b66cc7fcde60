package dev.linnet.apiserver.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.Collection;
import java.util.List;

/**
 * A function that Kubernetes adds to CEL: what the checker knows of it, and what it does.
 *
 * @param bindings one for each overload, and those that choose among them at run time
 */
record RuleFunction(CelFunctionDecl declaration, Collection<CelFunctionBinding> bindings) {

    /** The type of an argument, in CEL and in Java. */
    record Kind<T>(CelType type, Class<T> java) {
        static final Kind<String> TEXT = new Kind<>(SimpleType.STRING, String.class);
        static final Kind<Long> INTEGER = new Kind<>(SimpleType.INT, Long.class);

        static <T> Kind<T> opaque(String name, Class<T> java) {
            return new Kind<>(OpaqueType.create(name), java);
        }
    }

    /** One signature of a function. */
    record Overload(CelOverloadDecl declaration, CelFunctionBinding binding) {}

    static RuleFunction of(String name, Overload... overloads) {
        List<Overload> all = List.of(overloads);
        return new RuleFunction(
                CelFunctionDecl.newFunctionDeclaration(
                        name, all.stream().map(Overload::declaration).toList()),
                CelFunctionBinding.fromOverloads(
                        name, all.stream().map(Overload::binding).toList()));
    }

    /** One more signature of a function that CEL has; who calls it with a value of unknown type means CEL's own. */
    static RuleFunction further(String name, Overload overload) {
        return new RuleFunction(
                CelFunctionDecl.newFunctionDeclaration(name, overload.declaration()), List.of(overload.binding()));
    }

    /** {@code id(argument)}. */
    static <T> Overload global(String id, CelType result, Kind<T> argument, CelFunctionOverload.Unary<T> body) {
        return new Overload(
                CelOverloadDecl.newGlobalOverload(id, result, argument.type()),
                CelFunctionBinding.from(id, argument.java(), body));
    }

    /** {@code self.id()}. */
    static <T> Overload member(String id, CelType result, Kind<T> self, CelFunctionOverload.Unary<T> body) {
        return new Overload(
                CelOverloadDecl.newMemberOverload(id, result, self.type()),
                CelFunctionBinding.from(id, self.java(), body));
    }

    /** {@code self.id(argument)}. */
    static <T, U> Overload member(
            String id, CelType result, Kind<T> self, Kind<U> argument, CelFunctionOverload.Binary<T, U> body) {
        return new Overload(
                CelOverloadDecl.newMemberOverload(id, result, self.type(), argument.type()),
                CelFunctionBinding.from(id, self.java(), argument.java(), body));
    }
}
