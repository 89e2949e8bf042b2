// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.List;
import java.util.stream.Collectors;
import org.nxvms.simulator.http.HttpAnswer;

/**
 * The Analytics service (Analytics 5), and the configuration of analytics that both profiles have: motion is detected by one
 * module and told by one rule; a line could be watched, too. Nothing can be changed.
 */
final class OnvifAnalytics {
    private static final String TOKEN = "analytics_1";
    private static final String RULE = config("tt:Rule", "MyMotionDetectorRule", "tt:CellMotionDetector");
    private static final String MODULE = config("tt:AnalyticsModule", "MyCellMotionModule", "tt:CellMotionEngine");

    HttpAnswer answer(SoapRequest request) {
        if (!request.text("ConfigurationToken").equals(TOKEN)) {
            return request.name().equals("GetServiceCapabilities")
                    ? Soap.answer("<tan:GetServiceCapabilitiesResponse><tan:Capabilities RuleSupport=\"true\""
                            + " AnalyticsModuleSupport=\"true\" CellBasedSceneDescriptionSupported=\"false\"/>"
                            + "</tan:GetServiceCapabilitiesResponse>")
                    : Soap.fault("There is no such configuration.", "InvalidArgVal", "NoConfig");
        }
        return switch (request.name()) {
            case "GetSupportedRules" ->
                answer(
                        request,
                        "<tan:SupportedRules>"
                                + described("RuleDescription", List.of("tt:CellMotionDetector", "tt:LineDetector"))
                                + "</tan:SupportedRules>");
            case "GetRules" -> answer(request, RULE.replace("tt:Rule", "tan:Rule"));
            case "GetSupportedAnalyticsModules" ->
                answer(
                        request,
                        "<tan:SupportedAnalyticsModules>"
                                + described("AnalyticsModuleDescription", List.of("tt:CellMotionEngine"))
                                + "</tan:SupportedAnalyticsModules>");
            case "GetAnalyticsModules" -> answer(request, MODULE.replace("tt:AnalyticsModule", "tan:AnalyticsModule"));
            default -> Soap.missing("There is no operation " + request.name() + " in the analytics service.");
        };
    }

    private static HttpAnswer answer(SoapRequest request, String content) {
        String name = "tan:" + request.name() + "Response";
        return Soap.answer("<" + name + ">" + content + "</" + name + ">");
    }

    private static String described(String element, List<String> names) {
        return names.stream()
                .map(name -> "<tt:" + element + " Name=\"" + name + "\"><tt:Parameters/></tt:" + element + ">")
                .collect(Collectors.joining());
    }

    private static String config(String element, String name, String type) {
        return "<" + element + " Name=\"" + name + "\" Type=\"" + type + "\"><tt:Parameters/></" + element + ">";
    }

    /** {@return the configuration as a profile, or a list of configurations, has it} */
    static String configuration(String element) {
        return "<" + element + " token=\"" + TOKEN + "\"><tt:Name>Analytics</tt:Name><tt:UseCount>2</tt:UseCount>"
                + "<tt:AnalyticsEngineConfiguration>" + MODULE + "</tt:AnalyticsEngineConfiguration>"
                + "<tt:RuleEngineConfiguration>" + RULE + "</tt:RuleEngineConfiguration></" + element + ">";
    }
}
