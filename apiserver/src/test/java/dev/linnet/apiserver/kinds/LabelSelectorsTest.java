package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LabelSelectorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | '' | true",
                "{matchLabels: {app: web}} | app=web | true",
                "{matchLabels: {app: api}} | app=api | false",
                "{matchExpressions: [{key: app, operator: In, values: [web, api]}]} | app in (api,web) | true",
                "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]} | app notin (web) | false",
                "{matchExpressions: [{key: none, operator: NotIn, values: [web]}]} | none notin (web) | true",
                "{matchExpressions: [{key: app, operator: Exists}]} | app | true",
                "{matchExpressions: [{key: app, operator: DoesNotExist}]} | !app | false"
            })
    void selectAndReadAsTheQueryParameterDoes(String selector, String text, boolean selects) {
        assertThat(LabelSelectors.text(Golden.yaml(selector))).isEqualTo(text);
        assertThat(LabelSelectors.matches(Golden.yaml(selector), Map.of("app", "web", "tier", "front")))
                .isEqualTo(selects);
    }
}
