package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.member;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import dev.linnet.apiserver.cel.RuleFunction.Overload;
import java.util.ArrayList;
import java.util.List;

/** Kubernetes' regular expressions: {@code find findAll}. */
final class RegexFunctions {
    private static final ListType TEXTS = ListType.create(SimpleType.STRING);
    private static final String LIMITED = "string_find_all_string_int";

    private RegexFunctions() {}

    static List<RuleFunction> all() {
        return List.of(
                RuleFunction.of(
                        "find",
                        member("string_find_string", SimpleType.STRING, Kind.TEXT, Kind.TEXT, RegexFunctions::find)),
                RuleFunction.of(
                        "findAll",
                        member(
                                "string_find_all_string",
                                TEXTS,
                                Kind.TEXT,
                                Kind.TEXT,
                                (text, regex) -> findAll(text, regex, Long.MAX_VALUE)),
                        new Overload(
                                CelOverloadDecl.newMemberOverload(
                                        LIMITED, TEXTS, SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                                CelFunctionBinding.from(
                                        LIMITED,
                                        List.of(String.class, String.class, Long.class),
                                        arguments -> limited(arguments)))));
    }

    private static Object limited(Object[] arguments) {
        long limit = (Long) arguments[2];
        return findAll((String) arguments[0], (String) arguments[1], limit < 0 ? Long.MAX_VALUE : limit);
    }

    private static String find(String text, String regex) {
        Matcher matcher = compile(regex).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> findAll(String text, String regex, long limit) {
        List<String> found = new ArrayList<>();
        Matcher matcher = compile(regex).matcher(text);
        while (found.size() < limit && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new CelInvalidArgumentException("Illegal regex: " + e.getMessage());
        }
    }
}
