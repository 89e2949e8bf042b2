// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.platform.api.audit.AuditNote;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;

/** A file of settings is another one, and the shell knows whose hands it were. */
class SettingsHandsTest {
    private static final String PID = "org.nxvms.archive";
    private static final String TYPED = "config:property-set -p org.nxvms.archive flushSeconds 10";

    @TempDir
    private Path etc;

    private final CommandSession boss = ShellScene.sessionOf("boss");
    private ShellScene scene;

    @BeforeEach
    void begin() {
        scene = new ShellScene(etc);
    }

    @SuppressWarnings("unchecked")
    private static ConfigurationEvent event(int type, String pid) {
        return new ConfigurationEvent(
                ShellScene.proxy(ServiceReference.class, (proxy, method, arguments) -> null), type, null, pid);
    }

    private void changes(String pid) {
        scene.shell.configurationEvent(event(ConfigurationEvent.CM_UPDATED, pid));
    }

    @Test
    void whoChangesSettingsAtTheShellIsToldOnce() {
        scene.shell.beforeExecute(boss, TYPED);
        changes(PID);
        scene.shell.afterExecute(boss, TYPED, (Object) null);
        assertThat(scene.shell.take("org.nxvms.web")).as("another file").isEmpty();
        assertThat(scene.shell.take(PID).map(AuditNote.Actor::name)).contains("boss");
        assertThat(scene.shell.take(PID)).as("the next one may be an editor").isEmpty();
    }

    @Test
    void nobodyIsNamedForWhatHappensBeside() {
        scene.shell.beforeExecute(boss, "bundle:stop 7");
        changes(PID);
        assertThat(scene.shell.take(PID)).as("that changes no settings").isEmpty();
        scene.shell.beforeExecute(boss, TYPED);
        scene.shell.beforeExecute(ShellScene.sessionOf("chief"), TYPED);
        changes(PID);
        assertThat(scene.shell.take(PID)).as("one of two").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fileinstall-/opt/nxvms/etc", "nxvms-ldap"})
    void whatComesFromAFileOrTheServerIsNobodysAtTheShell(String name) throws Exception {
        scene.shell.beforeExecute(boss, TYPED);
        Thread thread = new Thread(() -> changes(PID), name);
        thread.start();
        thread.join();
        assertThat(scene.shell.take(PID)).isEmpty();
    }

    @Test
    void whatWasNeverWrittenIsForgottenAndAMassOfItTakesNoRoom() {
        scene.shell.beforeExecute(boss, TYPED);
        for (int i = 0; i < 100; i++) {
            changes("pid-" + i);
        }
        assertThat(scene.shell.take("pid-0")).isEmpty();
        assertThat(scene.shell.take("pid-98")).isPresent();
        scene.nowNanos = TimeUnit.SECONDS.toNanos(31);
        assertThat(scene.shell.take("pid-99")).isEmpty();
    }

    @Test
    void settingsAreKnownByTheirFile() {
        Map<String, String> fileByPid = Map.of(
                "org.nxvms.storage.file~main",
                "file:/opt/etc/org.nxvms.storage.file-main.cfg",
                "org.nxvms.storage.file.1234",
                "file:/opt/etc/org.nxvms.storage.file-second.cfg");
        ConfigurationAdmin admin = ShellScene.proxy(
                ConfigurationAdmin.class,
                (proxy, method, arguments) -> ShellScene.proxy(Configuration.class, (configuration, asked, nothing) -> {
                    Hashtable<String, Object> properties = new Hashtable<>();
                    if (fileByPid.containsKey((String) arguments[0])) {
                        properties.put("felix.fileinstall.filename", fileByPid.get((String) arguments[0]));
                    }
                    return properties;
                }));
        SettingsFiles files = new SettingsFiles(ShellScene.proxy(
                BundleContext.class,
                (proxy, method, arguments) -> method.getName().equals("getService") ? admin : true));
        assertThat(files.of(event(ConfigurationEvent.CM_UPDATED, "org.nxvms.storage.file~main")))
                .isEqualTo("org.nxvms.storage.file-main");
        assertThat(files.of(event(ConfigurationEvent.CM_UPDATED, "org.nxvms.storage.file.1234")))
                .isEqualTo("org.nxvms.storage.file-second");
        assertThat(files.of(event(ConfigurationEvent.CM_UPDATED, "org.nxvms.web")))
                .isEqualTo("org.nxvms.web");
        assertThat(files.of(event(ConfigurationEvent.CM_DELETED, "org.nxvms.storage.file~gone")))
                .isEqualTo("org.nxvms.storage.file-gone");
    }
}
