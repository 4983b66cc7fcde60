package dev.linnet.apiserver.kinds;

import java.util.List;
import java.util.Locale;

/** The names of the kind that a CustomResourceDefinition declares. */
final class DefinitionNameRules {
    private DefinitionNameRules() {}

    static void check(Field names, Violations violations) {
        for (String name : List.of("plural", "singular", "kind", "listKind")) {
            if (names.at(name).isZero()) {
                violations.required(names.at(name));
            }
        }
        lowerCase(names.at("plural"), violations);
        lowerCase(names.at("singular"), violations);
        mixedCase(names.at("kind"), violations);
        mixedCase(names.at("listKind"), violations);
        names.at("shortNames").items().forEach(name -> label(name, violations));
        Field kind = names.at("kind");
        if (!kind.isZero() && kind.text().equals(names.at("listKind").text())) {
            violations.invalid(names.at("listKind"), "kind and listKind may not be the same");
        }
        names.at("categories").items().forEach(name -> label(name, violations));
    }

    private static void lowerCase(Field name, Violations violations) {
        if (!name.isZero()) {
            label(name, violations);
        }
    }

    private static void label(Field name, Violations violations) {
        List<String> wrong = Names.label1035(name.text());
        if (!wrong.isEmpty()) {
            violations.invalid(name, String.join(",", wrong));
        }
    }

    private static void mixedCase(Field name, Violations violations) {
        List<String> wrong = Names.label1035(name.text().toLowerCase(Locale.ROOT));
        if (!name.isZero() && !wrong.isEmpty()) {
            violations.invalid(name, "may have mixed case, but should otherwise match: " + String.join(",", wrong));
        }
    }
}
