package dev.linnet.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainSamplesTest {

    @Test
    void myappTellsItsPodAndVersion() throws Exception {
        try (Container myapp = Container.of("myapp").env("version", "v2").start()) {
            HttpResponse<String> answer = myapp.get(5000, "/");

            assertThat(answer.body()).isEqualTo("hostname: pod-1, version: v2");
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(myapp.get(5000, "/else").statusCode()).isEqualTo(404);
            assertThat(myapp.call(5000, "POST", "/", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void myappIsVersionOneUnlessToldOtherwise() throws Exception {
        try (Container myapp = Container.of("myapp").start()) {
            assertThat(myapp.get(5000, "/").body()).isEqualTo("hostname: pod-1, version: v1");
        }
    }

    @ParameterizedTest
    @CsvSource({"old-nginx, old", "new-nginx, new"})
    void nginxSaysOldOrNew(String name, String word) throws Exception {
        try (Container nginx = Container.of(name).start()) {
            assertThat(nginx.get(80, "/").body()).isEqualTo(word + "\n");
            assertThat(nginx.get(80, "/?q=1").statusCode()).isEqualTo(200);
            assertThat(nginx.get(80, "/x").statusCode()).isEqualTo(404);
            assertThat(nginx.output()).isEqualTo("listening on port 80\n");
        }
    }
}
