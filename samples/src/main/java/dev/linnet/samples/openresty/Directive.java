package dev.linnet.samples.openresty;

import java.util.List;

/**
 * One directive of an nginx configuration.
 *
 * @param line  where it begins
 * @param block the directives between its braces; empty for a simple directive
 * @param raw   the text between the braces of a {@code *_by_lua_block}; else empty
 */
record Directive(int line, String name, List<String> args, List<Directive> block, String raw) {

    /** The only argument. */
    String arg() {
        if (args.size() != 1) {
            throw refused("has " + args.size() + " arguments (expected: 1)");
        }
        return args.getFirst();
    }

    boolean isLuaBlock() {
        return name.endsWith("_by_lua_block");
    }

    /** @param problem continues the sentence that names this directive */
    IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException("nginx.conf line " + line + ": " + name + " " + problem);
    }
}
