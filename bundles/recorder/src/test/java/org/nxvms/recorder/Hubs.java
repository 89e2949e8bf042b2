// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.lang.annotation.Annotation;
import org.nxvms.media.StreamHub;
import org.nxvms.streamhub.StreamHubComponent;

/** The real hub, without OSGi. */
final class Hubs {
    private Hubs() {}

    static StreamHub hub() {
        return hub(1);
    }

    static StreamHub hub(int streamMaxMiB) {
        return hub(streamMaxMiB, 14);
    }

    static StreamHub hub(int streamMaxMiB, int stallSecondsMax) {
        return new StreamHubComponent(new StreamHubComponent.Config() {
            @Override
            public int memoryMaxMiB() {
                return 64;
            }

            @Override
            public int streamMaxMiB() {
                return streamMaxMiB;
            }

            @Override
            public int stallSecondsMax() {
                return stallSecondsMax;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return StreamHubComponent.Config.class;
            }
        });
    }
}
