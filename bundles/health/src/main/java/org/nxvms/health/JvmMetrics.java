// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Figures of the virtual machine and its process, named as Prometheus' Java client names them. */
final class JvmMetrics {
    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

    void collect(Metrics metrics) {
        memory(metrics, "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        memory(metrics, "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            metrics.gauge(
                    "jvm_buffer_pool_used_bytes", "Memory of buffers", pool.getMemoryUsed(), "pool", pool.getName());
        }
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            metrics.counter("jvm_gc_collections", "Garbage collections", gc.getCollectionCount(), "gc", gc.getName());
            metrics.counter(
                    "jvm_gc_collection_seconds",
                    "Time in garbage collections",
                    gc.getCollectionTime() / 1e3,
                    "gc",
                    gc.getName());
        }
        metrics.gauge(
                "jvm_threads_current",
                "Threads",
                ManagementFactory.getThreadMXBean().getThreadCount());
        metrics.gauge(
                "process_start_time_seconds",
                "When the process started",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        // By name: the interface that has these is not part of Java SE.
        system("ProcessCpuTime")
                .ifPresent(nanos -> metrics.counter("process_cpu_seconds", "CPU time of the process", nanos / 1e9));
        system("OpenFileDescriptorCount")
                .ifPresent(count -> metrics.gauge("process_open_fds", "Open file descriptors", count));
        system("MaxFileDescriptorCount")
                .ifPresent(count -> metrics.gauge("process_max_fds", "File descriptors allowed", count));
    }

    private static void memory(Metrics metrics, String area, MemoryUsage usage) {
        metrics.gauge("jvm_memory_used_bytes", "Memory used", usage.getUsed(), "area", area);
        metrics.gauge("jvm_memory_committed_bytes", "Memory committed", usage.getCommitted(), "area", area);
        metrics.gauge("jvm_memory_max_bytes", "Memory allowed, -1 when unlimited", usage.getMax(), "area", area);
    }

    private OptionalDouble system(String attribute) {
        try {
            Object value =
                    beans.getAttribute(new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), attribute);
            return Optional.ofNullable(value)
                    .filter(Number.class::isInstance)
                    .map(number -> OptionalDouble.of(((Number) number).doubleValue()))
                    .orElse(OptionalDouble.empty());
        } catch (JMException e) {
            // This virtual machine does not tell.
            return OptionalDouble.empty();
        }
    }
}
