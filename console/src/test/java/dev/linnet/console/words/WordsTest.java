package dev.linnet.console.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class WordsTest {
    private static final Pattern FACT = Pattern.compile("\\{[0-9]}");

    @ParameterizedTest
    @EnumSource(Language.class)
    void everyTextIsThereInEveryLanguageWithTheSameFacts(Language language) {
        Words english = Words.in(Language.ENGLISH);
        Words other = Words.in(language);

        assertThat(other.texts().keySet()).isEqualTo(english.texts().keySet());
        english.texts()
                .forEach((key, text) -> assertThat(FACT.matcher(other.texts().get(key))
                                .results()
                                .map(found -> found.group())
                                .sorted())
                        .as(key)
                        .isEqualTo(FACT.matcher(text)
                                .results()
                                .map(found -> found.group())
                                .sorted()
                                .toList()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            zh-CN,zh;q=0.9,en;q=0.8 | CHINESE
            zh-TW                   | CHINESE
            en-GB,zh;q=0.3          | ENGLISH
            de-DE,de                | ENGLISH
            ''                      | ENGLISH
            !!!                     | ENGLISH
            """)
    void theBrowsersFavouriteIsTaken(String accepted, Language language) {
        assertThat(Language.preferred(accepted)).isEqualTo(language);
    }

    @Test
    void factsTakeTheirPlaces() {
        assertThat(Words.in(Language.CHINESE).say("run.title", 3, "shop")).isEqualTo("shop 的第 3 次运行");
    }
}
