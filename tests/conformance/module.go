// A file of variables and locals as Terraform has them, evaluated by the reference implementation.
package main

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/apparentlymart/go-cidr/cidr"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func ofTexts(count int, result cty.Type, run func(texts []string) (cty.Value, error)) function.Function {
	spec := &function.Spec{
		Type: function.StaticReturnType(result),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			texts := make([]string, len(args))
			for i, arg := range args {
				texts[i] = arg.AsString()
			}
			return run(texts)
		},
	}
	for i := 0; i < count; i++ {
		spec.Params = append(spec.Params, function.Parameter{Name: fmt.Sprint("text", i), Type: cty.String})
	}
	return function.New(spec)
}

func question(run func(text, part string) bool) function.Function {
	return ofTexts(2, cty.Bool, func(texts []string) (cty.Value, error) {
		return cty.BoolVal(run(texts[0], texts[1])), nil
	})
}

func ofText(run func(text string) (string, error)) function.Function {
	return ofTexts(1, cty.String, func(texts []string) (cty.Value, error) {
		made, err := run(texts[0])
		return cty.StringVal(made), err
	})
}

// The type of the result is known with the result alone.
func ofList(run func(list cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			value, err := run(args[0])
			return value.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return run(args[0]) },
	})
}

func ofBools(start bool) function.Function {
	return ofList(func(list cty.Value) (cty.Value, error) {
		for it := list.ElementIterator(); it.Next(); {
			if _, value := it.Element(); value.True() != start {
				return cty.BoolVal(!start), nil
			}
		}
		return cty.BoolVal(start), nil
	})
}

func sum(list cty.Value) (cty.Value, error) {
	total := cty.NumberIntVal(0)
	for it := list.ElementIterator(); it.Next(); {
		_, value := it.Element()
		total = total.Add(value)
	}
	return total, nil
}

func one(list cty.Value) (cty.Value, error) {
	switch list.LengthInt() {
	case 0:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case 1:
		return list.AsValueSlice()[0], nil
	}
	return cty.DynamicVal, fmt.Errorf("more than one")
}

var cidrsubnets = function.New(&function.Spec{
	Params:   []function.Parameter{{Name: "prefix", Type: cty.String}},
	VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:     function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		_, network, err := net.ParseCIDR(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		length, _ := network.Mask.Size()
		subnets := []cty.Value{}
		var last *net.IPNet
		for _, arg := range args[1:] {
			bits, _ := arg.AsBigFloat().Int64()
			if last == nil {
				last, err = cidr.Subnet(network, int(bits), 0)
			} else {
				last, _ = cidr.NextSubnet(last, length+int(bits))
			}
			if err != nil {
				return cty.NilVal, err
			}
			subnets = append(subnets, cty.StringVal(last.String()))
		}
		return cty.ListVal(subnets), nil
	},
})

func templatefile(functions map[string]function.Function) function.Function {
	evaluate := func(args []cty.Value) (cty.Value, error) {
		source, err := os.ReadFile(args[0].AsString())
		if err != nil {
			return cty.DynamicVal, err
		}
		template, diags := hclsyntax.ParseTemplate(source, "template", hcl.InitialPos)
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		value, diags := template.Value(&hcl.EvalContext{Variables: args[1].AsValueMap(), Functions: functions})
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		return value, nil
	}
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}, {Name: "names", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			value, err := evaluate(args)
			return value.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return evaluate(args) },
	})
}

func terraforms() map[string]function.Function {
	all := functions()
	all["startswith"], all["endswith"] = question(strings.HasPrefix), question(strings.HasSuffix)
	all["strcontains"] = question(strings.Contains)
	all["md5"] = ofText(func(text string) (string, error) { return fmt.Sprintf("%x", md5.Sum([]byte(text))), nil })
	all["sha256"] = ofText(func(text string) (string, error) { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))), nil })
	all["base64encode"] = ofText(func(text string) (string, error) {
		return base64.StdEncoding.EncodeToString([]byte(text)), nil
	})
	all["base64decode"] = ofText(func(text string) (string, error) {
		made, err := base64.StdEncoding.DecodeString(text)
		return string(made), err
	})
	all["cidrnetmask"] = ofText(func(text string) (string, error) {
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return "", err
		}
		return net.IP(network.Mask).String(), nil
	})
	all["cidrsubnets"] = cidrsubnets
	all["sum"], all["one"] = ofList(sum), ofList(one)
	all["alltrue"], all["anytrue"] = ofBools(true), ofBools(false)
	all["yamlencode"], all["yamldecode"] = yaml.YAMLEncodeFunc, yaml.YAMLDecodeFunc
	all["templatefile"] = templatefile(all)
	return all
}

// Whether all locals that the expression names are there.
func isReady(expression hclsyntax.Expression, locals map[string]cty.Value) bool {
	for _, path := range expression.Variables() {
		if path.RootName() != "local" {
			continue
		}
		if _, found := locals[path[1].(hcl.TraverseAttr).Name]; !found {
			return false
		}
	}
	return true
}

func resolve(ctx *hcl.EvalContext, waiting map[string]hclsyntax.Expression) hcl.Diagnostics {
	var diags hcl.Diagnostics
	locals := map[string]cty.Value{}
	for left := -1; left != len(waiting); {
		left = len(waiting)
		for name, expression := range waiting {
			if !isReady(expression, locals) {
				continue
			}
			ctx.Variables["local"] = cty.ObjectVal(locals)
			value, found := expression.Value(ctx)
			diags = append(diags, found...)
			locals[name] = value
			delete(waiting, name)
		}
	}
	ctx.Variables["local"] = cty.ObjectVal(locals)
	return diags
}

func module(path string) {
	source, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	file, diags := hclsyntax.ParseConfig(source, path, hcl.InitialPos)
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: terraforms()}
	variables, waiting := map[string]cty.Value{}, map[string]hclsyntax.Expression{}
	whole := file.Body.(*hclsyntax.Body)
	rest := &hclsyntax.Body{Attributes: whole.Attributes}
	for _, block := range whole.Blocks {
		switch block.Type {
		case "variable":
			value, found := block.Body.Attributes["default"].Expr.Value(ctx)
			diags = append(diags, found...)
			variables[block.Labels[0]] = value
		case "locals":
			for name, attribute := range block.Body.Attributes {
				waiting[name] = attribute.Expr
			}
		default:
			rest.Blocks = append(rest.Blocks, block)
		}
	}
	ctx.Variables["var"] = cty.ObjectVal(variables)
	diags = append(diags, resolve(ctx, waiting)...)
	made := body(rest, ctx, &diags)
	if diags.HasErrors() {
		panic(diags)
	}
	text, err := json.MarshalIndent(made, "", " ")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}
