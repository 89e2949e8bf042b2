// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.MetadataRows;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.TestIdentity;
import org.nxvms.security.backup.FileBackups;
import org.nxvms.security.backup.TestBackups;

/** A backup is sent to whoever may take all there is along, and lies nowhere meanwhile. */
class BackupsWebTest {
    private static final String PASSWORD = "correct-horse-1";
    private static final String DRAFT = "{\"passphrase\":\"correct horse battery\",\"password\":\"" + PASSWORD + "\"}";

    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Rows rows = new Rows();
    private SecurityParts parts;
    private FileBackups backups;
    private TestServer server;
    private String admin;

    /** Half a megabyte, which is read when it may be, and perhaps not to its end. */
    private static final class Rows implements MetadataRows {
        private final byte[] content = new byte[500_000];
        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile CountDownLatch goOn = new CountDownLatch(0);
        private volatile boolean failing;

        Rows() {
            new Random(7).nextBytes(content);
        }

        @Override
        public boolean isFresh() {
            return true;
        }

        @Override
        public long write(OutputStream out, LongConsumer progress) throws IOException {
            out.write(content);
            asked.countDown();
            try {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (failing) {
                throw new BackupException("The database does not do what is asked.");
            }
            return 3;
        }

        @Override
        public long prepare(InputStream in, Path folder, LongConsumer progress) throws IOException {
            Files.write(folder.resolve("rows.mv.db"), in.readAllBytes());
            return 3;
        }
    }

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, PASSWORD);
        parts.attach(new MemoryUserStore());
        Files.writeString(folder.resolve("server.json"), "{}", StandardCharsets.UTF_8);
        backups = TestBackups.make(new TestIdentity(folder), rows);
        server = new TestServer(Map.of(
                BackupsResource.BASE, new BackupsApplication(parts.guard(), parts.signIn(), backups, parts.trail())));
        admin = parts.login("admin", PASSWORD).accessToken();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private HttpResponse<byte[]> ask(String bearer, String draft) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + server.authority() + BackupsResource.BASE))
                        .header("Authorization", "Bearer " + bearer)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(draft))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private void isWhole(byte[] file) throws Exception {
        Path backup = Files.write(elsewhere.resolve("sent.backup"), file);
        FileBackups another = TestBackups.make(
                new TestIdentity(new UUID(9, 9), Files.createDirectories(elsewhere.resolve("data"))), rows);
        another.prepare(backup, "correct horse battery", false, step -> {});
        assertThat(elsewhere.resolve("data/restore/ready/rows.mv.db")).hasBinaryContent(rows.content);
        another.cancel();
    }

    @Test
    void whatIsSentCanBeRestoredAndLiesNowhere() throws Exception {
        HttpResponse<byte[]> answer = ask(admin, DRAFT);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(name -> assertThat(name).contains("nxvms.backup"));
        isWhole(answer.body());
        assertThat(folder.resolve("backups")).doesNotExist();
        parts.trail().flush();
        AuditNote note = parts.auditStore().rows.stream()
                .map(row -> row.note())
                .filter(found -> found.action().equals("backup.sent"))
                .findFirst()
                .orElseThrow();
        assertThat(note.actor().name()).isEqualTo("admin");
        assertThat(note.toString()).doesNotContain("battery", PASSWORD);
    }

    @Test
    void itTakesTheRightAndOnceMoreThePassword() throws Exception {
        assertThat(ask(admin, DRAFT.replace(PASSWORD, "wrong-password-9")).statusCode())
                .isEqualTo(422);
        assertThat(ask(admin, "{\"passphrase\":\"correct horse battery\"}").statusCode())
                .isEqualTo(422);
        assertThat(ask(admin, DRAFT.replace("correct horse battery", "short")).statusCode())
                .isEqualTo(422);
        parts.users().add("vera", "look-at-this-9", "operator", false);
        String vera = parts.login("vera", "look-at-this-9").accessToken();
        assertThat(ask(vera, DRAFT.replace(PASSWORD, "look-at-this-9")).statusCode())
                .isEqualTo(403);

        UUID account = parts.users().list().stream()
                .filter(user -> user.username().equals("admin"))
                .findFirst()
                .orElseThrow()
                .id();
        String nightly = parts.keys()
                .create(account, "nightly", Set.of(Permission.MAKE_BACKUPS), Duration.ofDays(1))
                .text();
        String other = parts.keys()
                .create(account, "other", Set.of(Permission.MANAGE_USERS), Duration.ofDays(1))
                .text();
        isWhole(ask(nightly, "{\"passphrase\":\"correct horse battery\"}").body());
        assertThat(ask(other, DRAFT).statusCode()).isEqualTo(403);
    }

    @Test
    void whatBreaksOffIsNotTakenForAWholeOne() throws Exception {
        rows.failing = true;
        byte[] torn;
        try {
            torn = ask(admin, DRAFT).body();
        } catch (IOException broken) {
            torn = new byte[0];
        }
        byte[] sent = torn;
        assertThatThrownBy(() -> isWhole(sent)).isInstanceOf(BackupException.class);

        rows.failing = false;
        HttpResponse<byte[]> again = ask(admin, DRAFT);
        assertThat(again.statusCode())
                .as(new String(again.body(), StandardCharsets.ISO_8859_1))
                .isEqualTo(200);
        isWhole(again.body());
    }

    @Test
    void oneAtATimeAndNoneWithoutADatabase() throws Exception {
        rows.goOn = new CountDownLatch(1);
        CompletableFuture<HttpResponse<byte[]>> first = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(admin, DRAFT);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(rows.asked.await(30, TimeUnit.SECONDS)).isTrue();
        HttpResponse<byte[]> second = ask(admin, DRAFT);
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(new String(second.body(), StandardCharsets.UTF_8)).contains("runs already");
        rows.goOn.countDown();
        isWhole(first.get(30, TimeUnit.SECONDS).body());

        TestBackups.withoutRows(backups, rows);
        assertThat(ask(admin, DRAFT).statusCode()).isEqualTo(503);
    }
}
