// SPDX-License-Identifier: Apache-2.0
/** Classes that tests pack into plugins; loaded by the framework, not by the test. */
package org.nxvms.plugins.sample;
