// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Map;
import java.util.TreeMap;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a JVM's threads allocated so far, to the byte: {@code jcmd} shows no more than mebibytes of what is above ten. */
final class Allocation {
    private Allocation() {}

    /** {@return bytes by name of thread} */
    static Map<String, Long> of(long pid) throws IOException {
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address(pid)))) {
            ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            long[] ids = threads.getAllThreadIds();
            long[] bytes = threads.getThreadAllocatedBytes(ids);
            ThreadInfo[] infos = threads.getThreadInfo(ids);
            Map<String, Long> byName = new TreeMap<>();
            for (int i = 0; i < ids.length; i++) {
                // One that has ended meanwhile has no name.
                if (infos[i] != null) {
                    byName.merge(infos[i].getThreadName(), Math.max(0, bytes[i]), Long::sum);
                }
            }
            return byName;
        }
    }

    /** The JVM opens its management to this user on this machine; what that costs it is paid before anything is measured. */
    private static String address(long pid) throws IOException {
        try {
            VirtualMachine jvm = VirtualMachine.attach(String.valueOf(pid));
            try {
                return jvm.startLocalManagementAgent();
            } finally {
                jvm.detach();
            }
        } catch (AttachNotSupportedException refused) {
            throw new IOException("process " + pid + " does not let itself be attached to", refused);
        }
    }
}
