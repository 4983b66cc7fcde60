/** Where the Pods behind each Service are: EndpointSlices, and Endpoints for those who still read them. */
@NullMarked
package dev.linnet.machine.endpoints;

import org.jspecify.annotations.NullMarked;
