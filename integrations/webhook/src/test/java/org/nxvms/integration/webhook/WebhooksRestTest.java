// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.integration.webhook.fake.Patience.until;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.integration.webhook.fake.Receiver;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.integration.Connection;

/** Webhooks from adding one to what arrives there. */
class WebhooksRestTest extends WebhooksStory {
    @Test
    void whoSendsEventsElsewhereIsNotedWithoutSecrets() throws Exception {
        send("POST", "", draft(",\"headers\":{\"X-Key\":\"hidden-1\"}"));
        send("PATCH", "/soc", "{\"enabled\":false}");
        send("POST", "/soc/secret", "");
        send("DELETE", "/soc", "", "Authorization", "Bearer operator").expect(403);
        send("DELETE", "/soc", "");

        assertThat(notes)
                .extracting(note ->
                        note.action() + " " + note.done() + " " + note.actor().name())
                .containsExactly(
                        "webhook.added true admin",
                        "webhook.changed true admin",
                        "webhook.changed true admin",
                        "webhook.removed false operator",
                        "webhook.removed true admin");
        assertThat(notes.get(0).subject()).isEqualTo("webhook/soc");
        assertThat(notes.get(0).after())
                .containsEntry("host", receiver.uri().getAuthority())
                .containsEntry("secret", "set")
                .containsEntry("headers", "set");
        assertThat(notes.get(1).after()).containsOnly(Map.entry("enabled", "false"));
        assertThat(notes.toString()).doesNotContain("hidden-1", "whsec_", "sealed:", "/hook");
    }

    @Test
    void aWebhookIsAddedAndToldAndItsSecretIsGivenOutOnce() throws Exception {
        Got added = send(
                        "POST",
                        "",
                        draft(",\"filter\":{\"kinds\":[\"camera.*\"],\"severity\":\"info\"},"
                                + "\"headers\":{\"X-Api-Key\":\"hidden\"}"))
                .expect(201);
        String secret = added.json().get("secret").asText();
        assertThat(added.json().has("status")).as("not carried out yet").isFalse();
        carryOut();
        Got one = send("GET", "/soc", "").expect(200);
        assertThat(one.text()).doesNotContain("secret", "hidden", secret);
        assertThat(one.json().get("headers").get(0).asText()).isEqualTo("X-Api-Key");
        assertThat(one.json().at("/filter/kinds/0").asText()).isEqualTo("camera.*");
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(secret, "hidden");
                assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
            }
        }

        until("it begins", () -> Files.exists(folder.resolve("integrations/webhook/soc.json")));
        log.pulse("camera.manual", "hello");
        webhooks.onEvent(null);
        until("it is told", () -> receiver.details().equals(List.of("hello")));
        Receiver.Got got = receiver.got().get(0);
        assertThat(got.apiKey()).isEqualTo("hidden");
        assertThat(got.signature())
                .isEqualTo(Signature.of(Signature.key(secret), got.id(), Long.parseLong(got.timestamp()), got.body()));
        until("that is counted", () -> webhooks.connections().get(0).figures().delivered() == 1);
        JsonNode status = send("GET", "", "").expect(200).json().at("/items/0/status");
        assertThat(status.get("state").asText()).isEqualTo("up");
        assertThat(status.get("lastStatus").asInt()).isEqualTo(204);
        assertThat(status.has("lastDelivery")).isTrue();

        String another =
                send("POST", "/soc/secret", "").expect(200).json().get("secret").asText();
        assertThat(another).isNotEqualTo(secret);
        carryOut();
        send("POST", "/soc/test", "").expect(200);
        Receiver.Got test = receiver.got().get(1);
        assertThat(test.signature())
                .isEqualTo(
                        Signature.of(Signature.key(another), test.id(), Long.parseLong(test.timestamp()), test.body()));
    }

    @Test
    void aTestIsSentNowAndSaysWhatCameOfIt() throws Exception {
        send("POST", "", draft("")).expect(201);
        JsonNode well = send("POST", "/soc/test", "").expect(200).json();
        assertThat(well.get("delivered").asBoolean()).isTrue();
        assertThat(well.get("status").asInt()).isEqualTo(204);
        assertThat(receiver.got().get(0).json().get("type").asText()).isEqualTo("webhook.test");
        receiver.answers(401);
        JsonNode unwell = send("POST", "/soc/test", "").expect(200).json();
        assertThat(unwell.get("delivered").asBoolean()).isFalse();
        assertThat(unwell.get("detail").asText()).contains("401", "secret and headers");
        webhooks.localAllowed(false);
        assertThat(send("POST", "/soc/test", "")
                        .expect(200)
                        .json()
                        .get("detail")
                        .asText())
                .contains("localAddressesAllowed");
        send("POST", "/other/test", "").expect(404);
    }

    @Test
    void aTestIsSignedByTheSecretThatStandsInTheEnvironment() throws Exception {
        String secret = Signature.freshSecret();
        Map<String, String> file = Map.of("name", "soc", "url", receiver.url(), "secret", "${env:NXVMS_HOOK}");
        webhooks.files().add("soc", file);
        send("POST", "/soc/test", "").expect(422);
        Map<String, String> filledIn = new HashMap<>(file);
        filledIn.put("secret", secret);
        carriedOut.add(webhooks.add(filledIn));

        send("POST", "/soc/test", "").expect(200);

        Receiver.Got test = receiver.got().get(0);
        assertThat(test.signature())
                .isEqualTo(
                        Signature.of(Signature.key(secret), test.id(), Long.parseLong(test.timestamp()), test.body()));
    }

    @Test
    void aChangeKeepsWhatItDoesNotNameAndSeesOthers() throws Exception {
        Got added = send("POST", "", draft(",\"timeoutMs\":700,\"headers\":{\"X-Api-Key\":\"k\"}"))
                .expect(201);
        String etag = added.etag().orElseThrow();
        Got changed =
                send("PATCH", "/soc", "{\"enabled\":false}", "If-Match", etag).expect(200);
        assertThat(changed.json().get("enabled").asBoolean()).isFalse();
        assertThat(changed.json().get("timeoutMs").asInt()).isEqualTo(700);
        send("PATCH", "/soc", "{\"enabled\":true}", "If-Match", etag).expect(412);
        send("DELETE", "/soc", "", "If-Match", etag).expect(412);
        carryOut();
        assertThat(send("GET", "/soc", "").json().at("/status/state").asText()).isEqualTo("disabled");

        Got elsewhere = send("PATCH", "/soc", "{\"url\":\"https://elsewhere.example/\"}")
                .expect(422);
        assertThat(elsewhere.json().at("/errors/0/field").asText()).isEqualTo("headers");
        send("PATCH", "/soc", "{\"url\":\"" + receiver.url() + "/deeper\"}").expect(200);
        send("PATCH", "/soc", "{\"url\":\"https://elsewhere.example/\",\"headers\":{}}")
                .expect(200);
        assertThat(send("GET", "/soc", "").json().get("headers")).isEmpty();

        send("POST", "", draft("")).expect(409);
        send("DELETE", "/soc", "").expect(204);
        send("DELETE", "/soc", "").expect(404);
        send("GET", "/soc", "").expect(404);
    }

    @Test
    void whoIsRemovedAndAddedAgainBeginsAnew() throws Exception {
        send("POST", "", draft("")).expect(201);
        carryOut();
        until("it begins", () -> Files.exists(folder.resolve("integrations/webhook/soc.json")));
        send("DELETE", "/soc", "").expect(204);
        carryOut();
        assertThat(folder.resolve("integrations/webhook/soc.json")).doesNotExist();
        log.pulse("camera.manual", "while it was not there");
        send("POST", "", draft("")).expect(201);
        carryOut();
        until("it begins", () -> Files.exists(folder.resolve("integrations/webhook/soc.json")));
        log.pulse("camera.manual", "now");
        webhooks.onEvent(null);
        until("it is told", () -> !receiver.got().isEmpty());
        assertThat(receiver.details()).containsExactly("now");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name | 422 | {\"name\":\"So C\",\"url\":\"https://example.org/\"}",
                "name | 400 | {\"url\":\"https://example.org/\"}",
                "url | 400 | {\"name\":\"soc\"}",
                "url | 422 | {\"name\":\"soc\",\"url\":\"file:///etc/passwd\"}",
                "url | 422 | {\"name\":\"soc\",\"url\":\"https://u:hidden@example.org/\"}",
                "url | 422 | {\"name\":\"soc\",\"url\":\"http://169.254.169.254/latest/meta-data\"}",
                "url | 422 | {\"name\":\"soc\",\"url\":\"http://[::ffff:a9fe:a9fe]/\"}",
                "url | 422 | {\"name\":\"soc\",\"url\":\"http://2852039166/\"}",
                "url | 422 | {\"name\":\"soc\",\"url\":\"http://0.0.0.0:8080/\"}",
                "timeoutMs | 422 | {\"name\":\"soc\",\"url\":\"https://example.org/\",\"timeoutMs\":5}",
                "kinds | 422 | {\"name\":\"soc\",\"url\":\"https://example.org/\",\"filter\":{\"kinds\":[\"x\"]}}",
                "secret | 422 | {\"name\":\"soc\",\"url\":\"https://example.org/\",\"secret\":\"hidden\"}",
                "headers | 422 | {\"name\":\"soc\",\"url\":\"https://example.org/\",\"headers\":{\"Host\":\"hidden\"}}",
                "colour | 400 | {\"name\":\"soc\",\"url\":\"https://example.org/\",\"colour\":\"red\"}",
            })
    void whatCannotWorkIsNamedAndLeavesNothing(String field, int status, String body) throws Exception {
        Got refused = send("POST", "", body).expect(status);
        assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
        assertThat(refused.text()).doesNotContain("hidden");
        assertThat(send("GET", "", "").json().get("items")).isEmpty();
    }

    @Test
    void onlyWhoManagesPluginsSeesOrChangesThem() throws Exception {
        for (String method : List.of("GET", "POST")) {
            send(method, "", method.equals("GET") ? "" : draft(""), "Authorization", "Bearer operator")
                    .expect(403);
            send(method, "", method.equals("GET") ? "" : draft(""), "Authorization", "")
                    .expect(401);
        }
        send("POST", "/soc/test", "", "Authorization", "Bearer operator").expect(403);
    }

    @Test
    void healthNamesWhatDoesNotArrive() throws Exception {
        WebhooksHealth health = new WebhooksHealth(webhooks);
        assertThat(health.check().status()).isEqualTo(HealthCheck.Status.UP);
        send("POST", "", draft("")).expect(201);
        carryOut();
        until("it begins", () -> Files.exists(folder.resolve("integrations/webhook/soc.json")));
        receiver.answers(500);
        log.pulse("camera.manual", "hello");
        webhooks.onEvent(null);
        until("it fails", () -> webhooks.connections().get(0).state() == Connection.State.FAILING);
        HealthCheck.Result unwell = health.check();
        assertThat(unwell.status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(unwell.detail()).isEqualTo("Webhook soc: The endpoint answers 500.");
        assertThat(unwell.findings()).extracting(HealthCheck.Finding::code).containsExactly("webhook_failing");
        assertThat(health.requiredForReadiness()).isFalse();
    }

    @Test
    void twoOfOneNameAndOneThatCannotWorkAreToldNotCarriedOut() throws Exception {
        carriedOut.add(webhooks.add(java.util.Map.of("name", "soc", "url", receiver.url(), "secret", "no secret")));
        carriedOut.add(webhooks.add(java.util.Map.of("name", "soc", "url", receiver.url())));
        carriedOut.add(webhooks.add(java.util.Map.of("url", "gopher://x")));
        until("the secret is looked at", () -> webhooks.connections().stream()
                .allMatch(one -> one.state() == Connection.State.MISCONFIGURED));
        assertThat(webhooks.connections())
                .extracting(Connection::detail)
                .anyMatch(text -> text.contains("another webhook"));
        for (AutoCloseable one : carriedOut) {
            one.close();
        }
        assertThat(webhooks.connections()).isEmpty();
    }
}
