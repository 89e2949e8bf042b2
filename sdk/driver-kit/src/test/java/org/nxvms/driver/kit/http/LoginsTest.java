// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.Credentials;

/** What was typed is logged in to as it asks; what a device tells beside that learns no password. */
class LoginsTest {
    private static final String BASIC = "Basic realm=\"r\"";
    private static final String DIGEST = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";

    private final HttpClients clients = new HttpClients("test-logins");
    private final List<HttpServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.close();
        servers.forEach(server -> server.stop(0));
    }

    /** {@return the port of a server that lets in whoever shows a login} */
    private int asks(String challenge, List<String> logins) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        server.createContext("/", exchange -> {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            logins.add(login == null ? "" : login);
            exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
            exchange.sendResponseHeaders(login == null ? 401 : 200, -1);
            exchange.close();
        });
        server.start();
        return server.getAddress().getPort();
    }

    private int status(DeviceHttp http, String target) throws Exception {
        return http.exchange(Ask.get(target), 100).statusCode();
    }

    @Test
    void aPortThatNobodyTypedIsNotLoggedInToByBasic() throws Exception {
        List<String> typed = new CopyOnWriteArrayList<>();
        List<String> told = new CopyOnWriteArrayList<>();
        DeviceHttp http = device(asks(BASIC, typed));
        String there = ":" + asks(BASIC, told) + "/";

        assertThat(status(http, there)).as("before any login").isEqualTo(401);
        assertThat(status(http, "/")).isEqualTo(200);
        assertThat(typed).containsExactly("", "Basic cm9vdDpwYXNz");
        assertThat(status(http, there)).as("after one elsewhere").isEqualTo(401);
        assertThat(told).containsExactly("", "");
        assertThat(status(http, "/")).as("which it is still let in by").isEqualTo(200);
        assertThat(typed).hasSize(3);
    }

    @Test
    void eachPortIsLoggedInToByItsOwnChallenge() throws Exception {
        List<String> typed = new CopyOnWriteArrayList<>();
        List<String> told = new CopyOnWriteArrayList<>();
        DeviceHttp http = device(asks(DIGEST, typed));
        String there = ":" + asks(DIGEST.replace("\"n\"", "\"other\""), told) + "/";

        for (String target : List.of("/", there, "/", there)) {
            assertThat(status(http, target)).isEqualTo(200);
        }
        assertThat(typed).hasSize(3).first().isEqualTo("");
        assertThat(typed.subList(1, 3)).allMatch(login -> login.contains("nonce=\"n\""));
        assertThat(told).hasSize(3).first().isEqualTo("");
        assertThat(told.subList(1, 3))
                .allMatch(login -> login.contains("nonce=\"other\"") && login.contains("uri=\"/\""));
    }

    private DeviceHttp device(int port) throws Exception {
        return new DeviceHttp(
                clients.get(true),
                URI.create("http://127.0.0.1:" + port),
                Optional.of(new Credentials("root", "pass")),
                60_000);
    }
}
