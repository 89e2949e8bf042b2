// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.test.kit.NotedTrail;

/** Who typed what. */
class ShellTrailTest {
    private static final String INIT = "// for each shell\nfeature:upgrade = { feature:install -u $args } ;\n";

    @TempDir
    private Path etc;

    private final CommandSession boss = ShellScene.sessionOf("boss");
    private ShellScene scene;

    @BeforeEach
    void begin() {
        scene = new ShellScene(etc);
    }

    @Test
    void whatChangesTheContainerIsNotedBeforeItIsDone() {
        scene.shell.beforeExecute(boss, "feature:install nxvms-driver-onvif");
        assertThat(scene.told())
                .containsExactly("boss shell.command feature:install"
                        + " [][command=feature:install nxvms-driver-onvif peer=127.0.0.1]");
        scene.shell.afterExecute(boss, "feature:install nxvms-driver-onvif", (Object) null);
        assertThat(scene.told()).isEmpty();
    }

    @Test
    void whoHasTheKeyOfTheMachineIsTheShell() {
        scene.shell.beforeExecute(ShellScene.sessionOfTheMachine(), "bundle:stop 12");
        assertThat(scene.told()).containsExactly("shell shell.command bundle:stop [][command=bundle:stop 12]");
    }

    @Test
    void whatFailsIsNotedAgainWithTheReason() {
        String typed = "bundle:install http://bob:hunter2@host/x.jar";
        scene.shell.beforeExecute(boss, typed);
        scene.told();
        scene.shell.afterExecute(boss, typed, new IOException("http://bob:hunter2@host/x.jar is not there"));
        assertThat(scene.told())
                .containsExactly("boss failed shell.command bundle:install [][command=bundle:install"
                        + " http://***@host/x.jar failed=http://***@host/x.jar is not there peer=127.0.0.1]");
    }

    @Test
    void whoOnlyLooksIsNotNotedAlsoWhenItFails() {
        scene.shell.beforeExecute(boss, "bundle:diag x");
        scene.shell.afterExecute(boss, "bundle:diag x", new IllegalArgumentException("no such bundle"));
        assertThat(scene.told()).isEmpty();
    }

    @Test
    void whatEachShellBeginsWithNobodyTyped() throws IOException {
        Files.writeString(etc.resolve("shell.init.script"), INIT);
        String asKarafReadsIt = String.join("\n", Files.readAllLines(etc.resolve("shell.init.script")));
        scene.shell.beforeExecute(boss, asKarafReadsIt);
        assertThat(scene.told()).as("in a shell that is opened for one command").isEmpty();
        boss.put("script", Path.of("etc/shell.init.script"));
        scene.shell.beforeExecute(boss, asKarafReadsIt);
        assertThat(scene.told()).as("in one that somebody sits at").isEmpty();

        scene.shell.beforeExecute(boss, "feature:install x");
        assertThat(scene.told()).as("a variable of that name hides nothing").hasSize(1);
        boss.put("script", null);
        scene.shell.beforeExecute(boss, asKarafReadsIt + "\nfeature:install x");
        assertThat(scene.told()).as("and more, typed by somebody").hasSize(1);
    }

    @Test
    void aScriptAndWhatItDoesAreNotedAndEndInTheirTurn() {
        String inner = "bundle:stop 1";
        scene.shell.beforeExecute(boss, "source /root/do");
        scene.shell.beforeExecute(boss, inner);
        assertThat(scene.told()).hasSize(2);
        scene.shell.afterExecute(boss, inner, (Object) null);
        assertThat(scene.shell.busy()).as("the script goes on").hasSize(1);
        scene.shell.afterExecute(boss, "source /root/do", (Object) null);
        assertThat(scene.shell.busy()).isEmpty();
    }

    @Test
    void whatCommandsOfOthersSayOfTheirSecretsIsHidden() {
        scene.shell.withFilter(command -> command.toString().replace("4711", "(pin)"));
        scene.shell.beforeExecute(boss, "acme:open 4711");
        assertThat(scene.told())
                .containsExactly("boss shell.command acme:open [][command=acme:open (pin) peer=127.0.0.1]");
        scene.shell.withFilter(command -> {
            throw new IllegalStateException("broken");
        });
        scene.shell.beforeExecute(boss, "acme:open 4711");
        assertThat(scene.told()).containsExactly("boss shell.command acme:open [][command=*** peer=127.0.0.1]");
    }

    @Test
    void whatIsDoneWhileTheAuditIsExchangedIsNotedByTheNextOne() {
        scene.shell.withoutAudit(scene.audit);
        for (int i = 0; i < 203; i++) {
            scene.shell.beforeExecute(boss, "bundle:stop nxvms-security");
        }
        NotedTrail next = new NotedTrail();
        scene.shell.withAudit(next);
        scene.shell.withoutAudit(scene.audit);
        scene.shell.beforeExecute(boss, "bundle:start 1");

        assertThat(scene.audit.notes).isEmpty();
        assertThat(next.notes).hasSize(202);
        assertThat(next.notes.get(0).after()).containsKey("at");
        assertThat(next.last("audit.lost").after()).containsEntry("notes", "3");
        assertThat(next.last("shell.command").after())
                .containsEntry("command", "bundle:start 1")
                .doesNotContainKey("at");
    }
}
