// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.SwapReceipt;

/** Files that trickle in hold up nobody, and there is a limit to how many do. */
class BusyTest {
    @TempDir
    private Path folder;

    /** A file whose bytes come when its sender likes. */
    private static final class Slow extends FilterInputStream {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        Slow(byte[] content) {
            super(new ByteArrayInputStream(content));
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            begun.countDown();
            try {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return super.read(target, offset, length);
        }
    }

    @Test
    void slowSendersAreBoundedAndHoldUpNoOperation() throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.install(file("org.example.driver.first"), true, "admin");
            List<Slow> files = new ArrayList<>();
            List<FutureTask<SwapReceipt>> senders = new ArrayList<>();
            for (String name : List.of("org.example.driver.second", "org.example.driver.third")) {
                Slow slow = new Slow(bytes(name));
                FutureTask<SwapReceipt> sender =
                        new FutureTask<>(() -> framework.installer.install(PluginSource.uploaded(slow), true, "admin"));
                new Thread(sender).start();
                assertThat(slow.begun.await(30, TimeUnit.SECONDS)).isTrue();
                files.add(slow);
                senders.add(sender);
            }
            assertThatThrownBy(() -> framework.installer.install(file("org.example.driver.fourth"), true, "admin"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("are arriving");
            framework.installer.disable("org.example.driver.first", "admin");
            framework.installer.enable("org.example.driver.first", "admin");

            files.get(0).goOn.countDown();
            senders.get(0).get(30, TimeUnit.SECONDS);
            files.get(1).goOn.countDown();
            senders.get(1).get(30, TimeUnit.SECONDS);
            framework.installer.install(file("org.example.driver.fourth"), true, "admin");
            assertThat(framework.installer.plugins()).hasSize(4);
        }
    }

    private static byte[] bytes(String name) {
        return PluginJar.sample("1.0.0").header("Bundle-SymbolicName", name).bytes();
    }

    private static PluginSource file(String name) {
        return PluginSource.uploaded(new ByteArrayInputStream(bytes(name)));
    }
}
