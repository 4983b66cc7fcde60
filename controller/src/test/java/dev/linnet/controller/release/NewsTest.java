package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

final class NewsTest {
    private final News news = new News();

    @Test
    void whatItHasWrittenItselfIsNone() {
        news.wrote(version("podinfo", "8"));
        news.wrote(version("podinfo-canary", "9"));

        assertThat(news.isNews(version("podinfo", "8"))).isFalse();
        assertThat(news.isNews(version("podinfo-canary", "9"))).isFalse();
        assertThat(news.isNews(version("podinfo", "10"))).as("somebody else's").isTrue();
    }

    @Test
    void norIsItWhenItIsHeardOfBeforeTheAnswerToTheWrite() {
        news.turnBegins();

        assertThat(news.isNews(version("podinfo", "8"))).isFalse();
        news.wrote(version("podinfo", "8"));

        assertThat(news.turnEnds()).isFalse();
    }

    @Test
    void whatSomebodyElseWritesDuringATurnIsNewsAtItsEndAndOnlyOnce() {
        news.turnBegins();
        news.wrote(version("podinfo", "8"));

        assertThat(news.isNews(version("podinfo", "8"))).isFalse();
        assertThat(news.isNews(version("podinfo", "9"))).isFalse();

        assertThat(news.turnEnds()).isTrue();
        news.turnBegins();
        assertThat(news.turnEnds()).isFalse();
    }

    @Test
    void afterATurnNewsIsNewsAtOnceAgain() {
        news.turnBegins();
        news.turnEnds();

        assertThat(news.isNews(version("podinfo", "9"))).isTrue();
    }

    @Test
    void ofManyWritesTheOldestIsForgotten() {
        for (int version = 0; version <= 32; version++) {
            news.wrote(version("podinfo", Integer.toString(version)));
        }

        assertThat(news.isNews(version("podinfo", "0"))).isTrue();
        assertThat(news.isNews(version("podinfo", "1"))).isFalse();
        assertThat(news.isNews(version("podinfo", "32"))).isFalse();
    }

    private static ObjectMeta version(String name, String version) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withResourceVersion(version)
                .build();
    }
}
