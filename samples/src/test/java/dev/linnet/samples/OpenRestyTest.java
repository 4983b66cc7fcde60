package dev.linnet.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenRestyTest {
    private static final String MAIN = "/usr/local/openresty/nginx/conf/nginx.conf";

    @TempDir
    Path folder;

    /** Written as people write it who follow the article of seed 001. */
    @Test
    void saysWhatLuaInAQuotedStringSays() throws Exception {
        try (Container nginx = serving("""
                worker_processes  1;   # one is enough
                events {
                    accept_mutex on;
                    use epoll;
                    worker_connections  1024;
                }
                http {
                    ignore_invalid_headers off;
                    server {
                        listen 80;
                        location / {
                            access_by_lua '
                                local header_str = ngx.say("nginx-v2:222222222")
                            ';
                        }
                    }
                }
                """)) {
            HttpResponse<String> answer = nginx.get(80, "/any/path");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("nginx-v2:222222222\n");
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
            assertThat(nginx.output()).isEqualTo("listening on ports [80]\n");
        }
    }

    @Test
    void obeysListenAndServesSeveralServers() throws Exception {
        try (Container nginx = serving("""
                http {
                    default_type text/html;
                    server { listen 8080 default_server; server_name _; return 200 "default on $hostname\\n"; }
                    server { listen *:8080; server_name a.example *.b.example; return 200 "named"; }
                    server { listen 0.0.0.0:9090; listen [::]:9090; return 503 "down"; }
                }
                """)) {
            assertThat(nginx.get(8080, "/").body()).isEqualTo("default on pod-1\n");
            assertThat(nginx.get(8080, "/").headers().firstValue("Content-Type"))
                    .contains("text/html");
            assertThat(nginx.get(9090, "/").statusCode()).isEqualTo(503);
            assertThat(withHost(nginx, "a.example")).contains("named");
            assertThat(withHost(nginx, "x.b.example:8080")).contains("named");
            assertThat(withHost(nginx, "c.example")).contains("default on pod-1");
        }
    }

    @Test
    void takesTheLongestLocationAndPrefersAnExactOne() throws Exception {
        try (Container nginx = serving("""
                http { server {
                    location / { return 200 root; }
                    location /api { return 200 api; }
                    location ^~ /api/v2 { add_header X-V "2 $arg_q"; return 200 "$request_method $uri"; }
                    location = /api/v2/health { content_by_lua_block { ngx.print("fine {") ngx.print('}', " ", 7) } }
                    location = /gone { return 410; }
                    location = /old { return 301 /new; }
                } }
                """)) {
            assertThat(nginx.get(80, "/x").body()).isEqualTo("root");
            assertThat(nginx.get(80, "/api/v1").body()).isEqualTo("api");
            assertThat(nginx.get(80, "/api/v2/x?q=5").body()).isEqualTo("GET /api/v2/x");
            assertThat(nginx.get(80, "/api/v2/x?q=5").headers().firstValue("X-V"))
                    .contains("2 5");
            assertThat(nginx.get(80, "/api/v2/health").body()).isEqualTo("fine {} 7");
            assertThat(nginx.get(80, "/gone").statusCode()).isEqualTo(410);
            assertThat(nginx.get(80, "/old").headers().firstValue("Location")).contains("/new");
        }
    }

    @Test
    void obeysStatusHeadersAndVariablesInLua() throws Exception {
        try (Container nginx = serving("""
                http { server { location = / {
                    content_by_lua_block {
                        -- who we are
                        ngx.status = 418;
                        ngx.header.content_type = "text/css"
                        ngx.header["X-Who"] = ngx.var.hostname
                        ngx.say("on " .. ngx.var.hostname, ' asked for ', ngx.var.http_x_thing, "\\ttab")
                        return ngx.exit(ngx.HTTP_OK)
                    }
                } } }
                """)) {
            HttpResponse<String> answer = nginx.get(80, "/", "X-Thing", "tea");

            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(answer.body()).isEqualTo("on pod-1 asked for tea\ttab\n");
            assertThat(answer.headers().firstValue("X-Who")).contains("pod-1");
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/css");
            assertThat(nginx.get(80, "/else").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void readsAMountedFolderAndWhatItIncludes() throws Exception {
        Path conf = Files.createDirectory(folder.resolve("conf"));
        Path extra = Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(conf.resolve("nginx.conf"), "http { include mime.types; include /etc/nginx/conf.d/*.conf; }");
        Files.writeString(extra.resolve("site.conf"), "server { listen 81; return 200 included; }");
        Files.writeString(extra.resolve("notes.txt"), "{{{");

        try (Container both = Container.of("openresty")
                        .mounting("/usr/local/openresty/nginx/conf", conf)
                        .mounting("/etc/nginx/conf.d", extra)
                        .start();
                Container onlyExtra = Container.of("openresty")
                        .mounting("/etc/nginx/conf.d", extra)
                        .start()) {
            assertThat(both.get(81, "/").body()).isEqualTo("included");
            assertThat(onlyExtra.get(81, "/").body()).isEqualTo("included");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http { server { location / { proxy_pass http://x; } } }      | line 1: proxy_pass cannot be obeyed by this sample (expected: return, or a *_by_lua with ngx.say)
            http { server { listen 80; } }                               | line 1: server answers nothing (expected: location, return, or a *_by_lua with ngx.say)
            http { server { location / { } } }                           | line 1: location / answers nothing (expected: return, or a *_by_lua with ngx.say)
            http { server { listen 443 ssl; return 200; } }              | line 1: listen has ssl (expected: plain HTTP)
            http { server { listen 127.0.0.1:80; return 200; } }         | line 1: listen is 127.0.0.1:80 (expected: a port such as 80, or *:80)
            http { server { location ~ [.]php$ { return 200; } } }       | line 1: location is ~ [.]php$
            http { server { return 200 "$upstream"; } }                  | line 1: return uses $upstream
            http { server { return ok; } }                               | line 1: return is ok (expected: a status and a text, 200 "text")
            http { upstream x { } }                                      | line 1: upstream cannot be obeyed by this sample
            stream { }                                                   | line 1: stream cannot be obeyed by this sample (expected: http)
            http { server { return 200 "x; } }                           | line 1: a string is not closed (expected: ")
            http { server { return 200 x }                               | line 1: return does not end (expected: ; or {)
            http { server { return 200 x; }                              | line 1: the block of http is not closed
            http { } }                                                   | line 1 has a } too many
            http { server { location / { content_by_lua 'os.exit()'; } } } | line 1: content_by_lua cannot be obeyed at os.exit (expected: ngx.say("text")
            http { server { location / { content_by_lua 'ngx.say(x)'; } } } | line 1: content_by_lua cannot be obeyed at x
            http { }                                                     | has no server (expected: http { server
            http { include /etc/other.conf; }                            | line 1: include is /etc/other.conf, which is not mounted
            """)
    void doesNotStartWithAConfigurationThatItCannotObey(String config, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> serving(config)).withMessageContaining(message);
    }

    @Test
    void doesNotStartWithoutAConfiguration() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Container.of("openresty").start())
                .withMessage("no configuration is mounted (expected: a volume at " + MAIN + ")");
    }

    private Container serving(String config) throws Exception {
        Path file = Files.writeString(folder.resolve("nginx.conf"), config);
        return Container.of("openresty").mounting(MAIN, file).start();
    }

    /** HttpClient sets Host itself, so this goes by hand. */
    private static String withHost(Container nginx, String host) throws IOException {
        try (Socket socket = nginx.connect(8080)) {
            String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
