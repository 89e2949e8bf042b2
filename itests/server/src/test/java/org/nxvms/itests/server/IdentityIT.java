// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;

/** Who one is, on the packed server: sessions, keys of programs, keys that sign, and what of it is in the audit. */
final class IdentityIT {
    private final HttpClient client = HttpClient.newHttpClient();

    private int statusOf(Api api, String path, String bearer) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.base() + path))
                .header("Authorization", "Bearer " + bearer)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whatWasWithdrawnIsOutAndWhatWasDoneIsInTheAudit() throws Exception {
        try (PackedServer server = PackedServer.unpacked("identity")) {
            Api api = server.start();
            String key = api.post(
                            "/api/v1/api-keys",
                            Map.of(
                                    "name",
                                    "probe",
                                    "scopes",
                                    List.of("view_configuration"),
                                    "password",
                                    PackedServer.PASSWORD))
                    .expect(201)
                    .json()
                    .get("key")
                    .asText();
            assertThat(statusOf(api, "/api/v1/cameras", key)).isEqualTo(200);
            assertThat(statusOf(api, "/api/v1/users", key))
                    .as("not in its scope")
                    .isEqualTo(403);
            assertThat(statusOf(api, "/metrics", key)).as("outside REST too").isEqualTo(403);
            api.login("admin", "not-the-password").expect(401);
            assertThat(api.get("/api/v1/auth/sessions").expect(200).json().at("/items"))
                    .hasSize(1);

            JsonNode before =
                    api.login("admin", PackedServer.PASSWORD).expect(200).json();
            Commands.Result replaced = server.shell("nxvms:signing-keys --replace-all");
            assertThat(replaced.status()).as(replaced.output()).isZero();

            assertThat(statusOf(
                            api, "/api/v1/auth/me", before.get("accessToken").asText()))
                    .isEqualTo(401);
            assertThat(statusOf(api, "/api/v1/auth/me", key)).isEqualTo(200);
            Api again = new Api(server.httpPort());
            again.postText(
                            "/api/v1/auth/refresh",
                            "{\"refreshToken\":\"" + before.get("refreshToken").asText() + "\"}")
                    .expect(200);
            assertThat(again.get("/api/v1/audit")
                            .expect(200)
                            .json()
                            .at("/items")
                            .findValuesAsText("action"))
                    .contains("keys.replaced", "auth.login", "api_key.made");
            Commands.Result verified = server.shell("nxvms:audit-verify");
            assertThat(verified.status()).as(verified.output()).isZero();
            assertThat(verified.output()).contains("The audit is whole");
        }
    }
}
