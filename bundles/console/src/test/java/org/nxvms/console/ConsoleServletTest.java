// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser gets from the console's context. */
final class ConsoleServletTest {
    @TempDir
    Path bundle;

    private ConsoleServlet servlet;

    @BeforeEach
    void aBuiltConsole() throws IOException {
        write("web/index.html", "<html>");
        write("web/index.html.gz", "packed html");
        write("web/favicon.svg", "<svg>");
        write("web/assets/index-a1b2.js", "script");
        write("web/assets/index-a1b2.js.gz", "packed script");
        write("secret.txt", "outside of the console");
        write("web/notes.unknown", "of a type nobody serves");
        servlet = new ConsoleServlet(new ConsoleFiles(this::entry));
    }

    @Test
    void theStartPageIsAskedForEachTime() throws Exception {
        Answer answer = get("/");
        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("<html>");
        assertThat(answer.headers)
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Content-Type", "text/html;charset=utf-8");
    }

    @Test
    void whatHasAHashInItsNameIsKeptForGood() throws Exception {
        Answer answer = get("/assets/index-a1b2.js");
        assertThat(answer.body()).isEqualTo("script");
        assertThat(answer.headers)
                .containsEntry("Cache-Control", "public, max-age=31536000, immutable")
                .containsEntry("Content-Type", "text/javascript;charset=utf-8")
                .containsEntry("Vary", "Accept-Encoding")
                .doesNotContainKey("Content-Encoding");
        assertThat(get("/favicon.svg").headers).containsEntry("Cache-Control", "no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br, gzip;q=0.5", "deflate, x-gzip", "*", "GZIP"})
    void whoTakesGzipGetsThePackedFile(String accepted) throws Exception {
        Answer answer = get("/assets/index-a1b2.js", Map.of("Accept-Encoding", accepted));
        assertThat(answer.body()).isEqualTo("packed script");
        assertThat(answer.headers)
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Content-Type", "text/javascript;charset=utf-8");
        assertThat(answer.length).isEqualTo("packed script".length());
        // Other bytes have another tag, by which it is not sent again all the same.
        String etag = answer.headers.get("ETag");
        assertThat(etag).isEqualTo("W/" + get("/assets/index-a1b2.js").headers.get("ETag"));
        assertThat(get("/assets/index-a1b2.js", Map.of("If-None-Match", etag)).status)
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip;q=0", "gzip; q=0.000", "identity", "br", "*;q=0", ""})
    void whoDoesNotTakeGzipGetsThePlainFile(String accepted) throws Exception {
        assertThat(get("/", Map.of("Accept-Encoding", accepted)).body()).isEqualTo("<html>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/playback/0b5c", "/cameras", "/anything/at/all/"})
    void aRouteOfTheConsoleGetsTheStartPage(String path) throws Exception {
        Answer answer = get(path);
        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("<html>");
        assertThat(answer.headers).containsEntry("Cache-Control", "no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/old-0000.js",
                "/assets/index-a1b2.js.gz",
                "/../secret.txt",
                "/assets/../../secret.txt",
                "/./index.html",
                "//index.html",
                "/notes.unknown",
                "/.hidden.js",
                "/a\u0000.js",
                "/%2e%2e/secret.txt"
            })
    void whatIsNotAFileOfTheConsoleIsNotFound(String path) throws Exception {
        Answer answer = get(path);
        assertThat(answer.status).isEqualTo(404);
        assertThat(answer.headers).containsEntry("Cache-Control", "no-store");
    }

    @Test
    void aVeryLongPathIsNotFoundAndNotRemembered() throws Exception {
        assertThat(get("/" + "a".repeat(10_000) + ".js").status).isEqualTo(404);
    }

    @Test
    void anUnchangedFileIsNotSentAgain() throws Exception {
        String etag = get("/").headers.get("ETag");
        assertThat(etag).matches("\"[\\w-]{22}\"");
        Answer again = get("/", Map.of("If-None-Match", etag));
        assertThat(again.status).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/", Map.of("If-None-Match", "\"other\"")).status).isEqualTo(200);
    }

    @Test
    void theAddressWithoutItsSlashLeadsToTheOneWith() throws Exception {
        assertThat(get(null).headers).containsEntry("Location", "/console/");
    }

    @ParameterizedTest
    @CsvSource({"/", "/live", "/assets/index-a1b2.js", "/missing.js"})
    void everyAnswerBindsTheBrowserToThisServer(String path) throws Exception {
        Answer answer = get(path);
        assertThat(answer.headers)
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsKeys("Referrer-Policy", "Permissions-Policy");
        assertThat(answer.headers.get("Permissions-Policy").split(", "))
                .as("one can talk through a camera, and nothing looks at the user")
                .contains("microphone=(self)", "camera=()");
        String policy = answer.headers.get("Content-Security-Policy");
        assertThat(policy.split("; ?"))
                .contains(
                        "default-src 'self'",
                        "script-src 'self'",
                        "connect-src 'self'",
                        "frame-ancestors 'none'",
                        "base-uri 'none'",
                        "form-action 'self'");
        assertThat(policy).doesNotContain("unsafe-eval");
    }

    @Test
    void theBundleHoldsABuiltConsoleThatKeepsItsOwnPolicy() throws Exception {
        // Present once Maven has built the web part, which it does before it compiles.
        URL index = ConsoleServlet.class.getResource("/web/index.html");
        assertThat(index).isNotNull();
        String html = new String(index.openStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(html).contains("/console/assets/").doesNotContain("http://", "https://");
        assertThat(html).doesNotContainPattern("<script(?![^>]*\\bsrc=)").doesNotContainPattern("\\son\\w+=");
    }

    @Test
    void whatABrowserKeepsIsOfThisBuildAndAskedForEachTime() throws Exception {
        ConsoleServlet built =
                new ConsoleServlet(new ConsoleFiles(path -> ConsoleServlet.class.getResource("/" + path)));
        Answer index = new Answer();
        built.doGet(request("/", Map.of()), index.response());
        Answer worker = new Answer();
        built.doGet(request("/sw.js", Map.of()), worker.response());
        assertThat(worker.headers)
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Content-Type", "text/javascript;charset=utf-8");
        Matcher named = Pattern.compile("/console/[\\w./-]+\\.\\w+").matcher(index.body());
        assertThat(named.results().map(MatchResult::group))
                .as("all that the start page names is kept, and there")
                .anyMatch(path -> path.endsWith(".js"))
                .anyMatch(path -> path.endsWith(".webmanifest"))
                .allSatisfy(path -> {
                    assertThat(worker.body()).contains('"' + path + '"');
                    Answer file = new Answer();
                    built.doGet(request(path.substring("/console".length()), Map.of()), file.response());
                    assertThat(file.status).isEqualTo(200);
                });
        assertThat(worker.body()).doesNotContain("version: 'none'");
    }

    private Answer get(String path) throws Exception {
        return get(path, Map.of());
    }

    private Answer get(String path, Map<String, String> headers) throws Exception {
        Answer answer = new Answer();
        servlet.doGet(request(path, headers), answer.response());
        return answer;
    }

    private static HttpServletRequest request(String path, Map<String, String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ConsoleServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getPathInfo" -> path;
                    case "getContextPath" -> "/console";
                    case "getRequestURI" -> path == null ? "/console" : "/console" + path;
                    case "getHeader" -> headers.get((String) args[0]);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private URL entry(String path) {
        Path file = bundle.resolve(path);
        try {
            return Files.isRegularFile(file) ? file.toUri().toURL() : null;
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = bundle.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Records what the servlet answers. */
    private static final class Answer {
        int status = 200;
        long length = -1;
        final Map<String, String> headers = new HashMap<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        String body() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        HttpServletResponse response() {
            return (HttpServletResponse) Proxy.newProxyInstance(
                    ConsoleServletTest.class.getClassLoader(),
                    new Class<?>[] {HttpServletResponse.class},
                    (proxy, method, args) -> {
                        switch (method.getName()) {
                            case "setHeader" -> headers.put((String) args[0], (String) args[1]);
                            case "setContentType" -> headers.put("Content-Type", (String) args[0]);
                            case "setStatus" -> status = (int) args[0];
                            case "setContentLength" -> length = (int) args[0];
                            case "sendRedirect" -> headers.put("Location", (String) args[0]);
                            case "getOutputStream" -> {
                                return sink();
                            }
                            default -> throw new UnsupportedOperationException(method.toString());
                        }
                        return null;
                    });
        }

        private ServletOutputStream sink() {
            return new ServletOutputStream() {
                @Override
                public void write(int value) {
                    bytes.write(value);
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
