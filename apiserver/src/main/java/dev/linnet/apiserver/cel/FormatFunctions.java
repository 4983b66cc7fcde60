package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.global;
import static dev.linnet.apiserver.cel.RuleFunction.member;

import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import dev.linnet.apiserver.cel.RuleFunction.Overload;
import dev.linnet.apiserver.kinds.Names;
import dev.linnet.apiserver.schema.StringFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Kubernetes' named formats: {@code format.dns1123Label().validate(self)} is none, or what is wrong. */
final class FormatFunctions {
    /** @param wrong what is wrong with a text; nothing if it fits */
    private record Format(String name, Function<String, List<String>> wrong) {

        /** What ends in a hyphen is a prefix, if something may follow it. */
        Format prefix() {
            return new Format(name + "Prefix", text -> wrong.apply(text.replaceFirst("-$", "a")));
        }
    }

    private static final Kind<Format> FORMAT = Kind.opaque("kubernetes.NamedFormat", Format.class);

    private static final Format LABEL = new Format("dns1123Label", Names::label);
    private static final Format SUBDOMAIN = new Format("dns1123Subdomain", Names::subdomain);
    private static final Format LABEL_1035 = new Format("dns1035Label", Names::label1035);

    private static final List<Format> FORMATS = List.of(
            LABEL,
            LABEL.prefix(),
            SUBDOMAIN,
            SUBDOMAIN.prefix(),
            LABEL_1035,
            LABEL_1035.prefix(),
            new Format("qualifiedName", Names::qualifiedName),
            new Format("labelValue", Names::labelValue),
            new Format(
                    "uri",
                    text -> UrlFunctions.parse(text).isPresent()
                            ? List.of()
                            : List.of("parse \"" + text + "\": invalid URI for request")),
            ofSchema("uuid", "does not match the UUID format"),
            ofSchema("byte", "invalid base64"),
            ofSchema("date", "invalid date"),
            ofSchema("datetime", "invalid datetime"));

    private FormatFunctions() {}

    private static Format ofSchema(String name, String wrong) {
        return new Format(name, text -> StringFormats.fits(name, text) ? List.of() : List.of(wrong));
    }

    static List<RuleFunction> all() {
        List<RuleFunction> functions = new ArrayList<>();
        for (Format format : FORMATS) {
            functions.add(constant("format." + format.name, format));
        }
        functions.add(RuleFunction.of(
                "format.named",
                global("format-named", OptionalType.create(FORMAT.type()), Kind.TEXT, FormatFunctions::named)));
        functions.add(RuleFunction.of(
                "validate",
                member(
                        "format-validate",
                        OptionalType.create(ListType.create(SimpleType.STRING)),
                        FORMAT,
                        Kind.TEXT,
                        FormatFunctions::validate)));
        return functions;
    }

    @SuppressWarnings("Immutable") // The checks of a format keep no state.
    private static RuleFunction constant(String name, Format format) {
        return RuleFunction.of(
                name,
                new Overload(
                        CelOverloadDecl.newGlobalOverload(name, FORMAT.type()),
                        CelFunctionBinding.from(name, List.of(), _ -> format)));
    }

    private static Optional<Format> named(String name) {
        return FORMATS.stream().filter(format -> format.name.equals(name)).findFirst();
    }

    private static Optional<List<String>> validate(Format format, String text) {
        List<String> wrong = format.wrong.apply(text);
        return wrong.isEmpty() ? Optional.empty() : Optional.of(wrong);
    }
}
