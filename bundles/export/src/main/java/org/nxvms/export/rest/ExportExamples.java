// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

/** Orders as they are sent, for the document of the API. */
final class ExportExamples {
    static final String AS_RECORDED =
            """
            {
              "cameraIds": ["11111111-2222-4333-8444-555555555555"],
              "from": "2026-11-22T15:00:00Z",
              "to": "2026-11-22T15:05:00Z",
              "reason": "case 4711"
            }
            """;

    static final String BURNED_IN =
            """
            {
              "cameraIds": ["11111111-2222-4333-8444-555555555555"],
              "from": "2026-11-22T15:00:00Z",
              "to": "2026-11-22T15:05:00Z",
              "reason": "case 4711",
              "overlay": {"text": "Case 4711, for the police only", "time": true, "user": true, "zone": "Europe/Berlin"},
              "masks": [
                {
                  "cameraId": "11111111-2222-4333-8444-555555555555",
                  "points": [[0.25, 0.1], [0.75, 0.1], [0.75, 0.4], [0.25, 0.4]]
                }
              ]
            }
            """;

    private ExportExamples() {}
}
