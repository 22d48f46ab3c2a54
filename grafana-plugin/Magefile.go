//go:build mage

// The build targets of Grafana's plugin SDK, such as build:linux; `go tool mage -l` lists them.
package main

// mage:import
import _ "github.com/grafana/grafana-plugin-sdk-go/build"
