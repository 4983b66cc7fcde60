/** What a route does with requests beside choosing their backend: values only, read from manifests, acted upon by the gateway. */
@NullMarked
package dev.linnet.routing.policy;

import org.jspecify.annotations.NullMarked;
