package dev.linnet.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
    private static String normal(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        byte[] room = new byte[bytes.length + 20];
        int end = RequestPath.write(bytes, 0, bytes.length, room, 10);
        return end < 0 ? String.valueOf(end) : new String(room, 10, end - 10, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a, /a",
        "/a/, /a/",
        "/a//b, /a/b",
        "///, /",
        "/., /",
        "/./, /",
        "/a/., /a/",
        "/a/.., /",
        "/a/../, /",
        "/a/b/.., /a/",
        "/a/b/../c, /a/c",
        "/a/b/../../c, /c",
        "/a//../b, /b",
        "/.a, /.a",
        "/..a, /..a",
        "/a../b, /a../b",
        "/.../b, /.../b",
        "/%61, /a",
        "/%2e%2e%2fa, -2",
        "/a/%2e%2E/b, /b",
        "/a%2f..%2fb, /b",
        "/a%5c..%5Cb, /b",
        "/%252e%252e/a, /%2e%2e/a",
        "/%3fa%23, /?a#",
        "/.., -2",
        "/../a, -2",
        "/a/../../b, -2",
        "/%, -1",
        "/%4, -1",
        "/%zz, -1",
        "/%4g, -1",
        "/a%00b, -3",
        "/%c3%bc, /ü",
    })
    void decodesOnceAndResolves(String path, String expected) {
        assertThat(normal(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"\\a, /a", "/a\\..\\b, /b", "/a\\\\b, /a/b"})
    void takesABackslashForASlash(String path, String expected) {
        assertThat(normal(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/, true",
        "/a/b.c, true",
        "/a/.b, false",
        "/a//b, false",
        "/a%20, false",
        "/a\\b, false",
        "/a/.., false"
    })
    void knowsWhenThereIsNothingToDo(String path, boolean normal) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);

        assertThat(RequestPath.isNormal(bytes, 0, bytes.length)).isEqualTo(normal);
    }
}
