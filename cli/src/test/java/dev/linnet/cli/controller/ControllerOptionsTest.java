package dev.linnet.cli.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.cli.UserError;
import dev.linnet.controller.ControllerSettings;
import dev.linnet.controller.tell.AlertForm;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Flagger's flags and environment (spec of Flagger, §8.1), as its manifests write them. */
final class ControllerOptionsTest {

    private static ControllerSettings settings(Map<String, String> env, String... args) {
        ControllerOptions options = CommandLine.populateCommand(new ControllerOptions(), args);
        return options.settings(env, "me", Optional.empty(), options.metrics());
    }

    @Test
    void takesEveryFlagOfFlaggers() {
        ControllerSettings settings = settings(
                Map.of(),
                "-mesh-provider=gatewayapi:v1",
                "-metrics-server=http://prometheus:9090",
                "-slack-url=https://slack.example.com/x",
                "-slack-channel=general",
                "-slack-user=flagger",
                "-slack-proxy-url=http://proxy:3128",
                "-slack-token=t0ken",
                "-event-webhook=http://events:8080/",
                "-include-label-prefix=app.kubernetes.io,team",
                "-selector-labels=app,tier",
                "-ingress-annotations-prefix=custom.ingress.kubernetes.io",
                "-ingress-class=contour",
                "-enable-leader-election=true",
                "-leader-election-namespace=elsewhere",
                "-enable-config-tracking=false",
                "-cluster-name=east",
                "-no-cross-namespace-refs=true",
                "-namespace=shop",
                "-port=8080",
                "-control-loop-interval=10s",
                "-log-level=info",
                "-zap-encoding=json",
                "-zap-replace-globals",
                "-threadiness=2",
                "-kubeconfig-qps=100",
                "-kubeconfig-burst=250",
                "-kubeconfig-service-mesh=",
                "-master=",
                "-v=2");

        assertThat(settings.provider()).isEqualTo("gatewayapi:v1");
        assertThat(settings.measuring().server()).contains("http://prometheus:9090");
        assertThat(settings.measuring().keepsToNamespace()).isTrue();
        assertThat(settings.alerts().keepsToNamespace()).isTrue();
        assertThat(settings.alerts().cluster()).contains("east");
        assertThat(settings.alerts().receivers()).hasSize(1).allMatch(slack -> slack.form() == AlertForm.SLACK);
        assertThat(settings.eventWebhook()).contains("http://events:8080/");
        assertThat(settings.labelPrefixes()).containsExactly("app.kubernetes.io", "team");
        assertThat(settings.selectorLabels()).containsExactly("app", "tier");
        assertThat(settings.annotationsPrefix()).isEqualTo("custom.ingress.kubernetes.io");
        assertThat(settings.tracksConfigs()).isFalse();
        assertThat(settings.namespace()).contains("shop");
        assertThat(settings.leases()).map(ControllerSettings.Leases::namespace).contains("shop");
        assertThat(settings.metrics()).isEqualTo(new InetSocketAddress(8080));
    }

    @Test
    void hasTheDefaultsThatFlaggerHasWhereTheyMakeSense() {
        ControllerSettings settings = settings(Map.of());
        assertThat(settings.selectorLabels()).containsExactly("app", "name", "app.kubernetes.io/name");
        assertThat(settings.labelPrefixes()).isEmpty();
        assertThat(settings.tracksConfigs()).isTrue();
        assertThat(settings.leases()).isEmpty();
        assertThat(settings.namespace()).isEmpty();
        assertThat(settings.alerts().receivers()).isEmpty();
        assertThat(settings.eventWebhook()).isEmpty();
    }

    @Test
    void theEnvironmentWinsUnlessItIsEmpty() {
        String[] flags = {"-event-webhook=http://flag/", "-slack-url=http://flag/"};
        assertThat(settings(Map.of("EVENT_WEBHOOK_URL", "http://env/"), flags).eventWebhook())
                .contains("http://env/");
        assertThat(settings(Map.of("EVENT_WEBHOOK_URL", ""), flags).eventWebhook())
                .contains("http://flag/");
        assertThat(settings(Map.of("SLACK_URL", "http://env/"), flags)
                        .alerts()
                        .receivers()
                        .getFirst()
                        .address()
                        .reveal()
                        .getHost())
                .isEqualTo("env");
    }

    @Test
    void teamsTakesSlacksPlace() {
        assertThat(settings(Map.of("MSTEAMS_URL", "http://teams/"), "-slack-url=http://slack/")
                        .alerts()
                        .receivers())
                .hasSize(1)
                .allMatch(teams -> teams.form() == AlertForm.MSTEAMS);
    }

    @Test
    void saysWhatIsNotObeyed() {
        assertThatThrownBy(() -> settings(Map.of(), "-kubeconfig-service-mesh=/etc/mesh"))
                .hasRootCauseInstanceOf(UserError.class)
                .rootCause()
                .hasMessageContaining("expected: --kubeconfig");
    }
}
