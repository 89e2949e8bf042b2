// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What the virtual machine and the system below it tell of themselves. Arguments and variables are left out: passwords come in them. */
final class MachineFacts {
    private static final List<String> PROPERTIES = List.of(
            "java.version",
            "java.vendor",
            "java.vm.name",
            "java.vm.version",
            "os.name",
            "os.version",
            "os.arch",
            "file.encoding",
            "karaf.version");
    private static final List<String> SYSTEM_FIGURES = List.of(
            "ProcessCpuTime",
            "ProcessCpuLoad",
            "CpuLoad",
            "SystemLoadAverage",
            "TotalMemorySize",
            "FreeMemorySize",
            "TotalSwapSpaceSize",
            "FreeSwapSpaceSize",
            "CommittedVirtualMemorySize",
            "OpenFileDescriptorCount",
            "MaxFileDescriptorCount");

    private static final int THREADS_MAX = 4_000;
    private static final int FRAMES_MAX = 64;

    private MachineFacts() {}

    static Map<String, Object> machine() {
        Map<String, Object> facts = new LinkedHashMap<>();
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String name : PROPERTIES) {
            String value = System.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        facts.put("properties", properties);
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("timeZone", ZoneId.systemDefault().getId());
        facts.put("locale", Locale.getDefault().toLanguageTag());
        // Which are set, not to what.
        facts.put(
                "environment",
                System.getenv().keySet().stream()
                        .filter(name -> name.matches("NXVMS_[A-Z0-9_]+"))
                        .sorted()
                        .toList());
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        facts.put("started", Instant.ofEpochMilli(runtime.getStartTime()).toString());
        facts.put("uptimeSeconds", runtime.getUptime() / 1_000);
        facts.put("system", systemFigures());
        return facts;
    }

    static Map<String, Object> memory() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("heap", usage(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()));
        facts.put("nonHeap", usage(ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage()));
        Map<String, Object> pools = new LinkedHashMap<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getUsage() != null) {
                pools.put(pool.getName(), usage(pool.getUsage()));
            }
        }
        facts.put("pools", pools);
        Map<String, Object> buffers = new LinkedHashMap<>();
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            buffers.put(pool.getName(), Map.of("count", pool.getCount(), "usedBytes", pool.getMemoryUsed()));
        }
        facts.put("buffers", buffers);
        Map<String, Object> collectors = new LinkedHashMap<>();
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            collectors.put(
                    gc.getName(), Map.of("collections", gc.getCollectionCount(), "totalMs", gc.getCollectionTime()));
        }
        facts.put("collectors", collectors);
        facts.put("classes", ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        facts.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
        return facts;
    }

    /** Which threads there are and where each is; monitors are left out, for which the machine would have to stand longer. */
    static void threads(OutputStream out, Sieve sieve) throws IOException {
        ThreadInfo[] threads = ManagementFactory.getThreadMXBean().dumpAllThreads(false, false, FRAMES_MAX);
        int told = 0;
        for (ThreadInfo thread : threads) {
            if (++told > THREADS_MAX) {
                break;
            }
            StringBuilder text = new StringBuilder();
            text.append(sieve.text(thread.getThreadName()))
                    .append(" #")
                    .append(thread.getThreadId())
                    .append(' ')
                    .append(thread.getThreadState());
            if (thread.getLockInfo() != null) {
                text.append(" on ").append(thread.getLockInfo().getClassName());
            }
            if (thread.getLockOwnerId() >= 0) {
                text.append(", which #").append(thread.getLockOwnerId()).append(" has");
            }
            text.append('\n');
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append("    at ").append(frame).append('\n');
            }
            out.write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        }
        List<Long> locked = new ArrayList<>();
        long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        for (long id : deadlocked == null ? new long[0] : deadlocked) {
            locked.add(id);
        }
        out.write((threads.length + " threads; deadlocked: " + locked + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> usage(MemoryUsage usage) {
        return Map.of("usedBytes", usage.getUsed(), "committedBytes", usage.getCommitted(), "maxBytes", usage.getMax());
    }

    /** By name: the interface that has these is not part of Java SE. */
    private static Map<String, Object> systemFigures() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        Map<String, Object> figures = new LinkedHashMap<>();
        for (String name : SYSTEM_FIGURES) {
            try {
                Object value = beans.getAttribute(new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), name);
                if (value instanceof Number) {
                    figures.put(name, value);
                }
            } catch (JMException e) {
                // This virtual machine does not tell.
            }
        }
        return figures;
    }
}
