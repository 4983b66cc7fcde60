package dev.linnet.console.view;

import dev.linnet.console.words.Words;
import java.util.function.UnaryOperator;

/**
 * What surrounds every page.
 *
 * @param words   in the reader's language
 * @param section which page is current in the navigation; empty for none
 * @param title   in the reader's language
 * @param person  who is in; empty for nobody
 * @param formKey what forms carry
 * @param theme   {@code light} or {@code dark} if the person chose one, else empty
 * @param here    path and query of this page
 * @param assets  the address of an asset by its name
 */
public record Frame(
        Words words,
        String section,
        String title,
        String person,
        String formKey,
        String theme,
        String here,
        UnaryOperator<String> assets) {

    public String say(String key, Object... facts) {
        return words.say(key, facts);
    }

    /** What a gateway or the controller says, in the reader's language. */
    public String told(String english) {
        return words.told(english);
    }

    /** This page in another language. */
    public String in(String tag) {
        String plain = here.replaceAll("[?&]lang=[a-z]*", "");
        return plain + (plain.contains("?") ? "&" : "?") + "lang=" + tag;
    }
}
