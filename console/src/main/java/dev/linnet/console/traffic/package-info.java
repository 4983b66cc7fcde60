/** What the gateways have counted, second by second. */
@NullMarked
package dev.linnet.console.traffic;

import org.jspecify.annotations.NullMarked;
