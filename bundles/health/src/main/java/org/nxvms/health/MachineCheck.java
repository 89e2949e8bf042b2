// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Component;

/**
 * How busy the machine is, and how much of its memory the server has; never unwell: who is hindered by it says so. Figures that the
 * Java machine does not tell are left out.
 */
@Component
public final class MachineCheck implements HealthCheck {
    private static final double PERCENT = 100;

    @Override
    public String name() {
        return "machine";
    }

    @Override
    public Result check() {
        Map<String, Object> figures = new TreeMap<>();
        figures.put("cores", Runtime.getRuntime().availableProcessors());
        put(figures, "processCpuPercent", told("ProcessCpuLoad") * PERCENT);
        put(figures, "systemCpuPercent", told("CpuLoad", "SystemCpuLoad") * PERCENT);
        put(figures, "load", told("SystemLoadAverage"));
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        figures.put("heapBytes", heap.getUsed());
        figures.put("heapMaxBytes", heap.getMax());
        return new Result(Status.UP, "", figures);
    }

    private static void put(Map<String, Object> figures, String name, double value) {
        if (value >= 0) {
            figures.put(name, Math.round(value * 10) / 10.0);
        }
    }

    /** {@return what the first of these attributes says that there is; negative when none says anything} */
    private static double told(String... attributes) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (String attribute : attributes) {
            try {
                Object value =
                        server.getAttribute(new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), attribute);
                if (value instanceof Number number && !Double.isNaN(number.doubleValue())) {
                    return number.doubleValue();
                }
            } catch (JMException notTold) {
                // Another name of it, or another Java machine.
                continue;
            }
        }
        return -1;
    }
}
