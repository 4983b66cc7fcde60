@NullMarked
package dev.linnet.manifests.gatewayapi;

import org.jspecify.annotations.NullMarked;
